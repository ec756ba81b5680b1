package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// How an engine computes.
///
/// @param threads that compute, the calling one included; at least 1
/// @param spin whether threads without work spin for a while before they sleep: faster hand-over between operators, but
///     spinning threads take cores from data loaders
/// @param optimization how far graphs are rewritten when they are loaded
/// @param ownKernels whether operators of ours have kernels of ours; without, their definitions in the graph are run
/// @param tf32 whether a CUDA device may round the operands of float32 products to TF32, 10 of 23 bits
/// @param captureGraphs whether a CUDA device records forward and backward pass once, and the optimizer where its graph
///     counts the steps, and plays them from then on
/// @param deterministic whether equal steps give equal bits, where kernels that do not are faster; kernels are then
///     chosen by rule and not by measuring
/// @param profile where to write a time line of all operators; one file per graph, this path with the graph's name added
/// @param words gets what a person should know of how the device computes, a line each
public record EngineOptions(
        int threads,
        boolean spin,
        Optimization optimization,
        boolean ownKernels,
        boolean tf32,
        boolean captureGraphs,
        boolean deterministic,
        Optional<Path> profile,
        Consumer<String> words) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException(Text.format("threads is %d, must be at least 1", threads));
        }
    }

    /// How far graphs are rewritten when they are loaded.
    public enum Optimization {
        /// As written.
        NONE,
        /// Constants folded, no-ops removed.
        BASIC,
        /// Operators fused.
        EXTENDED,
        /// Layouts changed too.
        ALL
    }

    /// The defaults for this many threads, which say nothing.
    public static EngineOptions of(int threads) {
        return new EngineOptions(threads, true, Optimization.ALL, true, false, false, false, Optional.empty(), _ -> {});
    }

    public EngineOptions withThreads(int number) {
        return new EngineOptions(
                number, spin, optimization, ownKernels, tf32, captureGraphs, deterministic, profile, words);
    }

    public EngineOptions withSpin(boolean on) {
        return new EngineOptions(
                threads, on, optimization, ownKernels, tf32, captureGraphs, deterministic, profile, words);
    }

    public EngineOptions withOptimization(Optimization level) {
        return new EngineOptions(threads, spin, level, ownKernels, tf32, captureGraphs, deterministic, profile, words);
    }

    public EngineOptions withOwnKernels(boolean on) {
        return new EngineOptions(threads, spin, optimization, on, tf32, captureGraphs, deterministic, profile, words);
    }

    public EngineOptions withTf32(boolean on) {
        return new EngineOptions(
                threads, spin, optimization, ownKernels, on, captureGraphs, deterministic, profile, words);
    }

    public EngineOptions withCapturedGraphs(boolean on) {
        return new EngineOptions(threads, spin, optimization, ownKernels, tf32, on, deterministic, profile, words);
    }

    public EngineOptions withDeterminism(boolean on) {
        return new EngineOptions(threads, spin, optimization, ownKernels, tf32, captureGraphs, on, profile, words);
    }

    public EngineOptions withProfile(Path file) {
        return new EngineOptions(
                threads, spin, optimization, ownKernels, tf32, captureGraphs, deterministic, Optional.of(file), words);
    }

    public EngineOptions withoutProfile() {
        return new EngineOptions(
                threads, spin, optimization, ownKernels, tf32, captureGraphs, deterministic, Optional.empty(), words);
    }

    public EngineOptions withWords(Consumer<String> listener) {
        return new EngineOptions(
                threads, spin, optimization, ownKernels, tf32, captureGraphs, deterministic, profile, listener);
    }
}
