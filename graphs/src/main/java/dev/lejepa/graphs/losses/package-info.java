/// LeJEPA's objective: the prediction loss, SIGReg and their combination in three dialects, and cross-entropy.
@NullMarked
package dev.lejepa.graphs.losses;

import org.jspecify.annotations.NullMarked;
