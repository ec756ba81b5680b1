package dev.lejepa.graphs.recipe;

import java.util.OptionalDouble;

/// What a step may take.
///
/// @param recompute trades time for memory
/// @param gigabytes (10^9 bytes) that a run may hold; empty: not limited
public record MemorySpec(Recompute recompute, OptionalDouble gigabytes) {
    public static MemorySpec defaults() {
        return new MemorySpec(Recompute.NONE, OptionalDouble.empty());
    }
}
