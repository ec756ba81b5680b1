package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.PathText;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Use;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.global.onnxruntime;

/// The settings of a session that follow from an engine's options.
final class SessionSettings {
    private SessionSettings() {}

    /// @param cuda the provider of a CUDA device, where that computes
    /// @param graph name of the graph, for the name of its profile
    /// @param operators of ours that the graph may use
    static SessionOptions create(
            EngineOptions options,
            Optional<CustomOperators.Domain> operators,
            Optional<CudaProvider> cuda,
            Use use,
            String graph) {
        var o = new SessionOptions();
        o.SetExecutionMode(onnxruntime.ORT_SEQUENTIAL);
        o.SetGraphOptimizationLevel(level(options.optimization()));
        // Sessions share the environment's threads: threads of one that idles would spin against the one that runs.
        o.DisablePerSessionThreads();
        // The environment's arena: all graphs of a program take their intermediate results from the same memory.
        o.EnableCpuMemArena();
        o.AddConfigEntry("session.use_env_allocators", "1");
        // A pattern is one block for all intermediate results of a run, asked for when the second run begins. By then
        // the arena holds as much in the pieces of the first run, and a step takes twice the memory it needs.
        o.DisableMemPattern();
        cuda.ifPresent(c -> c.addTo(o, options, use));
        operators.ifPresent(d -> d.addTo(o));
        options.profile().ifPresent(p -> profile(o, PathText.withSuffix(p, "." + graph)));
        return o;
    }

    private static void profile(SessionOptions o, Path prefix) {
        try (var path = Native.path(prefix)) {
            o.EnableProfiling(path);
        }
    }

    private static int level(EngineOptions.Optimization level) {
        return switch (level) {
            case NONE -> onnxruntime.ORT_DISABLE_ALL;
            case BASIC -> onnxruntime.ORT_ENABLE_BASIC;
            case EXTENDED -> onnxruntime.ORT_ENABLE_EXTENDED;
            case ALL -> onnxruntime.ORT_ENABLE_ALL;
        };
    }
}
