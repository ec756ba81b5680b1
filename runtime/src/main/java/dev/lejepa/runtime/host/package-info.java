/// Operators of `dev.lejepa` that Java itself computes on host cores: sorting of columns, characteristic functions,
/// norms of maps, updates of weights, and fused formulas ([FusedKernel]), which are run as calls of vector loops
/// ([FormulaCode]).
@NullMarked
package dev.lejepa.runtime.host;

import org.jspecify.annotations.NullMarked;
