package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Use;
import dev.lejepa.runtime.host.HostOperators;
import dev.lejepa.runtime.kernel.Operator;
import java.util.List;
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
    /// @param domain of the operators that the graph may use
    SessionOptions session(String graph, Use use, Optional<CustomOperators.Domain> domain) {
        return SessionSettings.create(options, domain, cuda, use, graph);
    }

    /// Our operators for one session, with kernels for the formulas that its graph holds.
    Optional<CustomOperators.Domain> domain(List<Formula> formulas) {
        var ofGraph = cuda.isPresent()
                ? List.<Operator>of()
                : formulas.stream().map(HostOperators::fused).toList();
        return operators.map(o -> o.domain(ofGraph));
    }
}
