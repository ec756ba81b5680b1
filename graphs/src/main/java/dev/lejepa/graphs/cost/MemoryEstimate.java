package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Value;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Bytes that a program holds at its peak, without the process around it (about 0.35 GB).
///
/// @param states parameters, gradients, moments and buffers, all stages together
/// @param fed inputs, outputs and constants that are no states, of the stage where they and the activations are largest
/// @param activations intermediate results of that stage at their peak
public record MemoryEstimate(long states, long fed, long activations) {
    /// The estimate for stages that run one after the other.
    ///
    /// @param states bytes of all states
    /// @param isState whether the input or output of this name is a state
    /// @param batch items in the batch of batched graphs
    public static MemoryEstimate of(long states, Collection<Graph> stages, Predicate<String> isState, long batch) {
        var largest = new MemoryEstimate(states, 0, 0);
        for (var g : stages) {
            var estimate = new MemoryEstimate(states, fed(g, isState, batch), Liveness.peakBytes(g, batch));
            largest = estimate.total() > largest.total() ? estimate : largest;
        }
        return largest;
    }

    /// All of it.
    public long total() {
        return states + fed + activations;
    }

    private static long fed(Graph g, Predicate<String> isState, long batch) {
        var ends = Stream.concat(g.inputs().entrySet().stream(), g.outputs().entrySet().stream())
                .filter(e -> !isState.test(e.getKey()))
                .mapToLong(e -> bytes(e.getValue(), batch));
        var constants = g.nodes().stream()
                .filter(n -> n.op() instanceof Leaf.Constant)
                .mapToLong(n -> bytes(n.output(), batch));
        return ends.sum() + constants.sum();
    }

    private static long bytes(Value v, long batch) {
        return v.type().withShape(v.shape().bind(batch)).bytes();
    }
}
