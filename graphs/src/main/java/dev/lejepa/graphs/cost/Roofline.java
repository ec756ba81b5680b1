package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;

/// The model of time: a node takes as long as its operations or as its memory traffic, whichever is longer, and nodes
/// run one after the other (S. Williams, A. Waterman, D. Patterson, 2009: Roofline).
public final class Roofline {
    private Roofline() {}

    /// Seconds of one run of a graph whose batch is fixed. Nodes that no output needs are not run.
    public static double seconds(Graph graph, Speed speed) {
        var nodes = EngineOrder.of(graph);
        var computing = nodes.stream().mapToDouble(n -> seconds(n, speed)).sum();
        // A device begins a node while it computes those before it.
        return Math.max(computing, nodes.size() * speed.launch());
    }

    private static double seconds(Node n, Speed speed) {
        var rate = isProduct(n.op()) ? speed.products() : speed.others();
        return Math.max(Flops.of(n) / rate, Traffic.of(n) / speed.bytes());
    }

    private static boolean isProduct(Op op) {
        return switch (op) {
            case Product _,
                    Convolution _,
                    SelfAttention _,
                    Rewritten.ProductRows _,
                    Rewritten.BiasedAttention _,
                    Rewritten.BiasedAttentionGrad _ -> true;
            case Activation _,
                    Elementwise _,
                    Leaf _,
                    Loss _,
                    Movement _,
                    Norm _,
                    Optimizer _,
                    Pooling _,
                    Reduction _,
                    Rewritten _,
                    Statistic _,
                    Op.Backward _ -> false;
        };
    }
}
