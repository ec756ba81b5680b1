package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.List;

/// Computes once what several nodes compute: the same operator, attributes included, of the same operands. Operators
/// have no effects and no hidden randomness, so equal ones have equal results. Recomputed copies read operands of
/// their own and are not equal.
public final class CommonSubexpressions {
    private CommonSubexpressions() {}

    private record Expression(Op op, List<Value> operands) {}

    public static Graph merge(Graph graph) {
        var known = new HashMap<Expression, List<Value>>();
        return Rewriter.rewrite(graph, (node, operands, to) -> {
            var expression = new Expression(node.op(), operands);
            var results = known.get(expression);
            if (results == null) {
                results = to.graph().apply(node.op(), operands);
                known.put(expression, results);
            }
            return results;
        });
    }
}
