package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// The order in which ONNX Runtime's sequential executor runs nodes. It is not the order of the file: the engine walks
/// from the nodes that nobody reads back to their operands, depth first, and runs a node when all its operands are
/// done. It starts from the last of them in the file, and of a node's operands it takes the last in the file first.
/// (The profile of a ViT's training step under ONNX Runtime 1.32 agrees in all 848 nodes, where no optimization
/// rewrites the graph.)
public final class EngineOrder {
    private EngineOrder() {}

    /// The nodes that outputs need, but for inputs and constants, in the order in which they are run.
    public static List<Node> of(Graph graph) {
        var nodes = live(graph);
        var operands = operands(graph, nodes);
        return Arrays.stream(of(operands, FileOrder.of(operands)))
                .mapToObj(nodes::get)
                .toList();
    }

    /// @param operands for each node the distinct nodes that it reads
    /// @param file all nodes in the order of the file
    /// @return the nodes in the order in which they are run
    public static int[] of(int[][] operands, int[] file) {
        var position = new int[file.length];
        for (var i = 0; i < file.length; i++) {
            position[file[i]] = i;
        }
        var order = new ArrayList<Integer>();
        Walk.run(operands, new Walk.Visitor() {
            @Override
            public int[] choose(int[] open) {
                return Arrays.stream(open)
                        .boxed()
                        .sorted(Comparator.comparingInt(n -> -position[n]))
                        .mapToInt(n -> n)
                        .toArray();
            }

            @Override
            public void run(int node) {
                order.add(node);
            }
        });
        return order.stream().mapToInt(n -> n).toArray();
    }

    private static int[][] operands(Graph graph, List<Node> nodes) {
        var number = new int[graph.nodes().size()];
        Arrays.fill(number, -1);
        for (var i = 0; i < nodes.size(); i++) {
            number[nodes.get(i).id()] = i;
        }
        return nodes.stream()
                .map(n -> n.inputs().stream()
                        .mapToInt(v -> number[v.node().id()])
                        .filter(i -> i >= 0)
                        .distinct()
                        .toArray())
                .toArray(int[][]::new);
    }

    private static List<Node> live(Graph graph) {
        var live = new BitSet(graph.nodes().size());
        graph.outputs().values().forEach(v -> live.set(v.node().id()));
        for (var n : graph.nodes().reversed()) {
            if (live.get(n.id())) {
                n.inputs().forEach(v -> live.set(v.node().id()));
            }
        }
        return graph.nodes().stream()
                .filter(n -> live.get(n.id()) && !(n.op() instanceof Leaf.Input) && !(n.op() instanceof Leaf.Constant))
                .toList();
    }
}
