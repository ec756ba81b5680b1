/// Graph to graph: [DeadValues] leaves out what no output needs, [CommonSubexpressions] computes equal things once,
/// [ConstantFolding] computes single numbers when the graph is built, [MixedPrecision] chooses element types,
/// [Recomputation] computes again instead of keeping, [ColumnFusion] makes one operator of a test's formula. Every pass
/// makes a new graph with the same inputs, output names and scopes, most of them by [Rewriter] node by node, and
/// verifies what came in and what goes out.
@NullMarked
package dev.lejepa.graphs.passes;

import org.jspecify.annotations.NullMarked;
