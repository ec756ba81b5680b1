package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.cuda.CudaOperators;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Use;
import dev.lejepa.runtime.host.HostOperators;
import dev.lejepa.runtime.kernel.Operator;
import java.io.IOException;
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
/// @param kernels of ours for it
/// @param trials of products with formulas, where they may be chosen by what was measured
record OrtContext(
        Env env,
        EngineOptions options,
        Optional<CustomOperators> operators,
        OrtMemoryInfo host,
        Optional<RemoteMemory> remote,
        Optional<CudaProvider> cuda,
        Optional<CudaOperators> kernels,
        Optional<ProductTrials> trials) {
    OrtContext withoutProfile() {
        return new OrtContext(env, options.withoutProfile(), operators, host, remote, cuda, kernels, trials);
    }

    /// @param domain of the operators that the graph may use
    SessionOptions session(String graph, Use use, Optional<CustomOperators.Domain> domain) {
        return SessionSettings.create(options, domain, cuda, use, graph);
    }

    /// What it means that ONNX Runtime failed at a graph.
    RuntimeException meaning(EngineException fault, String graph) {
        return remote.<RuntimeException>map(memory -> DeviceFaults.of(graph, fault, memory))
                .orElse(fault);
    }

    /// Our operators for one session, with kernels for the formulas that its graph holds.
    ///
    /// @throws IOException if the graph cannot be read
    Optional<CustomOperators.Domain> domain(GraphSource graph, Use use) throws IOException {
        if (operators.isEmpty()) {
            return Optional.empty();
        }
        var ofGraph = kernels.isPresent()
                ? ofFormulas(kernels.get(), graph, use)
                : graph.formulas().stream().map(HostOperators::fused).toList();
        return operators.map(o -> o.domain(ofGraph));
    }

    /// Kernels for a graph's formulas. What no step runs is not worth a trial.
    private List<Operator> ofFormulas(CudaOperators ours, GraphSource graph, Use use) throws IOException {
        var formulas = graph.deviceFormulas();
        var all = ours.of(formulas);
        return trials.isEmpty() || use == Use.ANY ? all : trials.get().chosen(this, graph, formulas.products(), all);
    }
}
