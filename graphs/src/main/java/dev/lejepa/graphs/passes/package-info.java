/// Graph to graph: [DeadValues] leaves out what no output needs, [CommonSubexpressions] computes equal things once,
/// [ConstantFolding] computes single numbers when the graph is built. Every pass replays the nodes that it keeps into a
/// new graph ([Rewriter]) with the same inputs, output names and scopes,
/// and verifies what came in and what goes out.
@NullMarked
package dev.lejepa.graphs.passes;

import org.jspecify.annotations.NullMarked;
