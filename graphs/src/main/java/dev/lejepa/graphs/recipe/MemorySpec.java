package dev.lejepa.graphs.recipe;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a step may take, and how it is computed so that it takes no more.
///
/// @param microBatches into which a process cuts its images of a step, one after the other; empty: `auto`, as many as
///     the memory given asks for
/// @param recompute trades time for memory
/// @param gigabytes (10^9 bytes) that a run may hold; empty: not limited
public record MemorySpec(OptionalInt microBatches, Recompute recompute, OptionalDouble gigabytes) {
    public static MemorySpec defaults() {
        return new MemorySpec(OptionalInt.of(1), Recompute.NONE, OptionalDouble.empty());
    }

    /// The same with other recomputation.
    public MemorySpec with(Recompute other) {
        return new MemorySpec(microBatches, other, gigabytes);
    }

    /// The same with so many micro-batches.
    public MemorySpec withMicroBatches(int count) {
        return new MemorySpec(OptionalInt.of(count), recompute, gigabytes);
    }
}
