/// Layers as records of hyper-parameters with a `forward` method. A [Scope] gives them parameters, buffers and random
/// draws, named exactly as timm and torch name them.
@NullMarked
package dev.lejepa.graphs.nn;

import org.jspecify.annotations.NullMarked;
