package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Optional;

/// Puts formulas of elementary operators in the place of operators that have no kernel of their own on a target, so that
/// what comes after can fuse them with what is around them.
public final class Expansion {
    private Expansion() {}

    /// What stands for an operator.
    @FunctionalInterface
    public interface Formulas {
        /// The results of an operator for these operands by others, or nothing to keep it.
        Optional<List<Value>> of(Op op, List<Value> operands);
    }

    public static Graph apply(Graph graph, Formulas formulas) {
        return DeadValues.remove(Rewriter.rewrite(
                graph,
                (n, operands, to) ->
                        formulas.of(n.op(), operands).orElseGet(() -> to.graph().apply(n.op(), operands))));
    }
}
