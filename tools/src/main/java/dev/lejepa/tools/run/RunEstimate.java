package dev.lejepa.tools.run;

import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.Liveness;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import java.util.Locale;

/// What a step costs, known before anything runs.
///
/// @param parameters trainable numbers
/// @param flopsPerStep forward, backward and optimizer
/// @param stateBytes parameters, gradients, moments and buffers
/// @param peakMemoryBytes states plus the largest sum of intermediate results at any time
public record RunEstimate(long parameters, long flopsPerStep, long stateBytes, long peakMemoryBytes) {
    public static RunEstimate of(Bundle bundle) {
        var flops = bundle.manifest().stages().stream()
                .mapToLong(s -> Flops.of(bundle.graph(s.graph())))
                .sum();
        var states = bundle.manifest().states().stream()
                .mapToLong(RunEstimate::bytes)
                .sum();
        var activations = bundle.manifest().stages().stream()
                .mapToLong(s -> Liveness.peakBytes(bundle.graph(s.graph()), 1))
                .max()
                .orElse(0);
        return new RunEstimate(bundle.parameters(), flops, states, states + activations);
    }

    private static long bytes(Manifest.State state) {
        return state.shape().stream().reduce(1L, Math::multiplyExact)
                * DType.of(state.dtype()).bytes();
    }

    /// One line for people.
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%.2f M parameters, %.1f GFLOP per step, about %.2f GB of memory",
                parameters / 1e6,
                flopsPerStep / 1e9,
                peakMemoryBytes / 1e9);
    }
}
