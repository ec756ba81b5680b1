package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The step from float32 weights of a piece of attention to the type that products read; none where that is float32.
record Rounding(Optional<Execution> reorder) implements AutoCloseable {
    static Rounding of(Primitives primitives, AttentionShape shape) {
        if (shape.type() == DType.FLOAT32) {
            return new Rounding(Optional.empty());
        }
        var count = shape.scoreElements();
        var from = OneDnn.vector(DType.FLOAT32, count);
        return new Rounding(Optional.of(primitives.reorder(from, OneDnn.vector(shape.type(), count))));
    }

    /// Memory for the rounded weights: that of the weights themselves where nothing is rounded.
    static MemorySegment place(Arena arena, AttentionShape shape, MemorySegment weights) {
        return shape.type() == DType.FLOAT32 ? weights : OneDnn.elements(arena, shape.type(), shape.scoreElements());
    }

    void run(MemorySegment weights, MemorySegment rounded) {
        reorder.ifPresent(r -> r.run(weights.address(), rounded.address()));
    }

    @Override
    public void close() {
        reorder.ifPresent(Execution::close);
    }
}
