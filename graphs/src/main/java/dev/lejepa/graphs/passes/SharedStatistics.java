package dev.lejepa.graphs.passes;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;

/// BatchNorm by the images of all processes instead of one's own.
public final class SharedStatistics {
    private SharedStatistics() {}

    /// @param graph that all processes run at the same time, on images of one number
    public static Graph apply(Graph graph, int processes) {
        return Rewriter.rewrite(graph, (node, in, to) -> to.graph().apply(over(node.op(), processes), in));
    }

    private static Op over(Op op, int processes) {
        return switch (op) {
            case Norm.BatchNorm norm -> norm.over(processes);
            case Norm.BatchNormGrad gradient -> gradient.over(processes);
            case Op other -> other;
        };
    }
}
