/// Optimizers as graphs: parameter groups in, updated states out.
@NullMarked
package dev.lejepa.graphs.optim;

import org.jspecify.annotations.NullMarked;
