package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.cost.MemoryEstimate;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a step costs a process, known before anything runs.
///
/// @param parameters trainable numbers
/// @param flopsPerStep forward, backward and optimizer, with what is computed twice
/// @param stateBytes parameters, gradients, moments and buffers
/// @param tensorBytes these and all else that a device holds at its peak
/// @param waitingBytes views of micro-batches that are computed later
public record RunEstimate(long parameters, long flopsPerStep, long stateBytes, long tensorBytes, long waitingBytes) {
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
        var states = manifest.states().stream()
                .mapToLong(s -> bytes(s.dtype(), s.shape()))
                .sum();
        var tensors = MemoryEstimate.of(states + handedBytes(manifest), graphs, heldNames(manifest)::contains, 1);
        return new RunEstimate(
                bundle.parameters(), StageRuns.flops(bundle), states, tensors.total(), waitingBytes(manifest));
    }

    /// What stages hand to each other has its memory as long as the program runs: rows of a micro-batch, and, where all
    /// rows are put together, these.
    private static long handedBytes(Manifest manifest) {
        var made = manifest.stages().stream()
                .flatMap(s -> s.outputs().stream())
                .filter(StageOutput.Handed.class::isInstance)
                .map(o -> Map.entry(o.name(), bytes(o.dtype(), o.shape())));
        var read = manifest.stages().stream()
                .flatMap(s -> s.inputs().stream())
                .filter(StageInput.Handed.class::isInstance)
                .map(i -> Map.entry(i.name(), bytes(i.dtype(), i.shape())));
        return Stream.concat(made, read)
                .distinct()
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long waitingBytes(Manifest manifest) {
        var cut = manifest.microBatches();
        return cut == null
                ? 0
                : manifest.fed().stream()
                        .filter(StageInput.Views.class::isInstance)
                        .mapToLong(i -> (cut.count() - 1) * bytes(i.dtype(), i.shape()))
                        .sum();
    }

    /// Names of the graphs' inputs and outputs that are states or handed from stage to stage.
    private static Set<String> heldNames(Manifest manifest) {
        var inputs = manifest.stages().stream()
                .flatMap(s -> s.inputs().stream())
                .filter(i -> i instanceof StageInput.State || i instanceof StageInput.Handed)
                .map(StageInput::name);
        var outputs = manifest.stages().stream()
                .flatMap(s -> s.outputs().stream())
                .filter(o -> o instanceof StageOutput.State || o instanceof StageOutput.Handed)
                .map(StageOutput::name);
        return Stream.concat(inputs, outputs).collect(Collectors.toSet());
    }

    private static long bytes(String dtype, List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact) * DType.of(dtype).bytes();
    }

    /// What a process holds at its peak where host cores compute.
    public long peakMemoryBytes() {
        return tensorBytes + waitingBytes + PROCESS_BYTES;
    }

    /// What a step takes of the memory of a device that is not the host.
    public long deviceBytes() {
        return tensorBytes + DEVICE_LIBRARY_BYTES;
    }

    /// One line for people.
    ///
    /// @param onHost whether host cores compute
    public String describe(boolean onHost) {
        return Text.format(
                "%.2f M parameters, %.1f GFLOP per step, about %.2f GB of %s",
                parameters / 1e6, flopsPerStep / 1e9, bytes(onHost) / 1e9, onHost ? "memory" : "the device's memory");
    }

    /// What a step takes of the memory that is scarce.
    ///
    /// @param onHost whether host cores compute
    public long bytes(boolean onHost) {
        return onHost ? peakMemoryBytes() : deviceBytes();
    }
}
