package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Use;
import java.util.Optional;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.OrtMemoryInfo;
import org.bytedeco.onnxruntime.SessionOptions;

/// What all graphs of an engine share.
///
/// @param operators of ours
/// @param host memory, where results go that the caller gave no tensor for
/// @param remote the device's memory, where that is not the host's
/// @param cuda the provider that computes there
record OrtContext(
        Env env,
        EngineOptions options,
        Optional<CustomOperators> operators,
        OrtMemoryInfo host,
        Optional<RemoteMemory> remote,
        Optional<CudaProvider> cuda) {
    SessionOptions session(String graph, Use use) {
        return SessionSettings.create(options, operators, cuda, use, graph);
    }
}
