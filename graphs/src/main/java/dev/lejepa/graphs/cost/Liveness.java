package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How many bytes of intermediate results are alive at once when nodes run in a given order. A result is alive from its
/// node to its last reader. Inputs, constants and the graph's outputs have memory elsewhere and do not count.
public final class Liveness {
    private final long batch;
    private final Set<Value> outputs;
    private final Map<Value, Value> viewed = new HashMap<>();
    private final Map<Value, Integer> lastUse = new HashMap<>();
    private long alive;
    private long peak;

    private Liveness(Graph graph, long batch) {
        this.batch = batch;
        this.outputs = Set.copyOf(graph.outputs().values());
    }

    /// The peak of one run in the engine's order.
    ///
    /// @param batch items in the batch, if the graph is batched
    public static long peakBytes(Graph graph, long batch) {
        return peakBytes(graph, EngineOrder.of(graph), batch);
    }

    /// The peak of one run in this order.
    public static long peakBytes(Graph graph, List<Node> order, long batch) {
        var liveness = new Liveness(graph, batch);
        for (var i = 0; i < order.size(); i++) {
            liveness.note(order.get(i), i);
        }
        for (var i = 0; i < order.size(); i++) {
            liveness.run(order.get(i), i);
        }
        return liveness.peak;
    }

    /// Notes which results are views of others, and who reads what last.
    private void note(Node n, int at) {
        n.inputs().forEach(v -> lastUse.put(owner(v), at));
        if (Footprint.of(n.op()).result() == Footprint.Result.VIEW && !outputs.contains(n.output())) {
            viewed.put(n.output(), owner(n.inputs().getFirst()));
        }
        n.outputs().forEach(v -> lastUse.put(owner(v), at));
    }

    private void run(Node n, int at) {
        var footprint = Footprint.of(n.op());
        var made = n.outputs().stream().mapToLong(this::bytes).sum();
        var ended = n.inputs().stream()
                .map(this::owner)
                .distinct()
                .filter(v -> endsAt(v, at))
                .toList();
        var first = bytes(n.outputs().getFirst());
        var reused = footprint.result() == Footprint.Result.IN_PLACE
                        && ended.stream().anyMatch(v -> bytes(v) == first)
                ? first
                : 0;
        var largest = n.inputs().stream().mapToLong(this::size).max().orElse(0);
        peak = Math.max(peak, alive + made - reused + footprint.temporaries() * largest);
        alive += made - ended.stream().mapToLong(this::bytes).sum();
        alive -= n.outputs().stream()
                .filter(v -> endsAt(owner(v), at))
                .mapToLong(this::bytes)
                .sum();
    }

    private boolean endsAt(Value v, int at) {
        return lastUse.getOrDefault(v, -1) == at;
    }

    private Value owner(Value v) {
        return viewed.getOrDefault(v, v);
    }

    /// Bytes that the value takes from the memory of intermediate results.
    private long bytes(Value v) {
        var elsewhere =
                v.node().op() instanceof Leaf.Input || v.node().op() instanceof Leaf.Constant || outputs.contains(v);
        return elsewhere || viewed.containsKey(v) ? 0 : size(v);
    }

    private long size(Value v) {
        return v.type().withShape(v.shape().bind(batch)).bytes();
    }
}
