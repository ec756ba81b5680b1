package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a step costs, known before anything runs.
///
/// @param parameters trainable numbers
/// @param flopsPerStep forward, backward and optimizer
/// @param stateBytes parameters, gradients, moments and buffers
/// @param peakMemoryBytes what a process holds at its peak
public record RunEstimate(long parameters, long flopsPerStep, long stateBytes, long peakMemoryBytes) {
    /// Java's heap as it stands while steps run (of a ViT-Ti/4's: 68 MB of young, 44 MB of old objects).
    private static final long HEAP_BYTES = 115_000_000;

    /// What the JVM holds beside its heap: classes, compiled code, the compilers' arenas, the collector's tables.
    private static final long JVM_BYTES = 120_000_000;

    /// Mapped files that are read: ONNX Runtime, oneDNN, the archive of classes.
    private static final long MAPPED_BYTES = 90_000_000;

    /// ONNX Runtime's sessions: graphs, kernels and threads. What the smallest step (ViT-Ti/16 at 32 px, two images)
    /// takes over its tensors and all of the above.
    private static final long SESSION_BYTES = 20_000_000;

    /// The program itself.
    private static final long PROCESS_BYTES = HEAP_BYTES + JVM_BYTES + MAPPED_BYTES + SESSION_BYTES;

    /// What CUDA's libraries take of a device for themselves once it is open: kernels, and cuBLAS's workspace (32 MiB on
    /// Hopper) for each of three sessions. Not measured yet.
    private static final long DEVICE_LIBRARY_BYTES = 400_000_000;

    public static RunEstimate of(Bundle bundle) {
        var manifest = bundle.manifest();
        var graphs =
                manifest.stages().stream().map(s -> bundle.graph(s.graph())).toList();
        var flops = graphs.stream().mapToLong(Flops::of).sum();
        var states = manifest.states().stream().mapToLong(RunEstimate::bytes).sum();
        var memory = MemoryEstimate.of(states, graphs, stateNames(manifest)::contains, 1);
        return new RunEstimate(bundle.parameters(), flops, states, memory.total() + PROCESS_BYTES);
    }

    /// Names of the graphs' inputs and outputs that are states.
    private static Set<String> stateNames(Manifest manifest) {
        var inputs = manifest.stages().stream()
                .flatMap(s -> s.inputs().stream())
                .filter(StageInput.State.class::isInstance)
                .map(StageInput::name);
        var outputs = manifest.stages().stream()
                .flatMap(s -> s.outputs().stream())
                .filter(StageOutput.State.class::isInstance)
                .map(StageOutput::name);
        return Stream.concat(inputs, outputs).collect(Collectors.toSet());
    }

    private static long bytes(Manifest.State state) {
        return state.shape().stream().reduce(1L, Math::multiplyExact)
                * DType.of(state.dtype()).bytes();
    }

    /// What a step takes of the memory of a device that is not the host.
    public long deviceBytes() {
        return peakMemoryBytes - PROCESS_BYTES + DEVICE_LIBRARY_BYTES;
    }

    /// One line for people.
    ///
    /// @param onHost whether host cores compute
    public String describe(boolean onHost) {
        return Text.format(
                "%.2f M parameters, %.1f GFLOP per step, about %.2f GB of %s",
                parameters / 1e6,
                flopsPerStep / 1e9,
                (onHost ? peakMemoryBytes : deviceBytes()) / 1e9,
                onHost ? "memory" : "the device's memory");
    }
}
