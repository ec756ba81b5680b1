package dev.lejepa.runtime.engine;

import java.nio.file.Path;
import java.util.Optional;

/// How an engine computes.
///
/// @param threads that compute, the calling one included; at least 1
/// @param spin whether threads without work spin for a while before they sleep: faster hand-over between operators, but
///     spinning threads take cores from data loaders
/// @param optimization how far graphs are rewritten when they are loaded
/// @param ownKernels whether operators of ours have kernels of ours; without, their definitions in the graph are run
/// @param profile where to write a time line of all operators; one file per graph, this path with the graph's name added
public record EngineOptions(
        int threads, boolean spin, Optimization optimization, boolean ownKernels, Optional<Path> profile) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is %d, must be at least 1".formatted(threads));
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

    /// The defaults for this many threads.
    public static EngineOptions of(int threads) {
        return new EngineOptions(threads, true, Optimization.ALL, true, Optional.empty());
    }

    public EngineOptions withSpin(boolean on) {
        return new EngineOptions(threads, on, optimization, ownKernels, profile);
    }

    public EngineOptions withOptimization(Optimization level) {
        return new EngineOptions(threads, spin, level, ownKernels, profile);
    }

    public EngineOptions withOwnKernels(boolean on) {
        return new EngineOptions(threads, spin, optimization, on, profile);
    }

    public EngineOptions withProfile(Path file) {
        return new EngineOptions(threads, spin, optimization, ownKernels, Optional.of(file));
    }
}
