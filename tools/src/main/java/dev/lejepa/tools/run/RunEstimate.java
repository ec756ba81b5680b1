package dev.lejepa.tools.run;

import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import java.util.Locale;
import java.util.stream.Collectors;

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
        var names = bundle.manifest().states().stream().map(Manifest.State::name).collect(Collectors.toSet());
        var stages = bundle.manifest().stages().stream()
                .map(s -> bundle.graph(s.graph()))
                .toList();
        var mark = AdamWGraph.updated("");
        var memory = MemoryEstimate.of(
                states, stages, n -> names.contains(n.startsWith(mark) ? n.substring(mark.length()) : n), 1);
        return new RunEstimate(bundle.parameters(), flops, states, memory.total());
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
