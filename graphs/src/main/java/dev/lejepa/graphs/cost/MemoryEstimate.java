package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Value;
import java.util.Collection;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Bytes that a program holds at its peak, without the process around it (about 0.35 GB).
///
/// @param held what keeps its memory from stage to stage: parameters, gradients, moments, buffers, what stages hand to
///     each other
/// @param fed all other inputs, outputs and constants of the stage where they and the activations are largest
/// @param activations intermediate results of that stage at their peak
public record MemoryEstimate(long held, long fed, long activations) {
    /// The estimate for stages that run one after the other.
    ///
    /// @param held bytes of all that keeps its memory
    /// @param isHeld whether the input or output of this name is part of that
    /// @param batch items in the batch of batched graphs
    public static MemoryEstimate of(long held, Collection<Graph> stages, Predicate<String> isHeld, long batch) {
        var largest = new MemoryEstimate(held, 0, 0);
        for (var g : stages) {
            var estimate = new MemoryEstimate(held, fed(g, isHeld, batch), Liveness.peakBytes(g, batch));
            largest = estimate.total() > largest.total() ? estimate : largest;
        }
        return largest;
    }

    /// All of it.
    public long total() {
        return held + fed + activations;
    }

    private static long fed(Graph g, Predicate<String> isHeld, long batch) {
        var ends = Stream.concat(g.inputs().entrySet().stream(), g.outputs().entrySet().stream())
                .filter(e -> !isHeld.test(e.getKey()))
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
