/// Operators of `dev.lejepa` that Java itself computes on host cores: norms of maps, whose tiles lie in arrays as
/// [Lanes] says, updates of weights, sorting of columns, characteristic functions, and fused formulas ([FusedKernel]),
/// which are run as calls of vector loops ([FormulaCode]).
@NullMarked
package dev.lejepa.runtime.host;

import org.jspecify.annotations.NullMarked;
