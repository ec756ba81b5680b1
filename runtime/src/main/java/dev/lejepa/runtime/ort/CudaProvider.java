package dev.lejepa.runtime.ort;

import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.engine.Use;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.OrtApi;
import org.bytedeco.onnxruntime.OrtCUDAProviderOptionsV2;
import org.bytedeco.onnxruntime.OrtStatus;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.global.onnxruntime;
import org.jspecify.annotations.Nullable;

/// ONNX Runtime's provider for CUDA in the options of a session.
final class CudaProvider {
    private final int device;
    private final long stream;

    /// @param stream that all sessions compute on
    CudaProvider(int device, long stream) {
        this.device = device;
        this.stream = stream;
    }

    void addTo(SessionOptions session, EngineOptions options, Use use) {
        if (use != Use.ANY) {
            session.AddConfigEntry("session.disable_cpu_ep_fallback", "1");
        }
        session.SetDeterministicCompute(options.deterministic());
        var api = onnxruntime.GetApi();
        try (var settings = new PointerPointer<OrtCUDAProviderOptionsV2>(1)) {
            check(api, api.CreateCUDAProviderOptions(settings));
            var provider = settings.get(OrtCUDAProviderOptionsV2.class);
            try {
                update(api, provider, settings(options, use));
                try (var address = Native.number(stream)) {
                    check(api, api.UpdateCUDAProviderOptionsWithValue(provider, "user_compute_stream", address));
                }
                check(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(session.asOrtSessionOptions(), provider));
            } finally {
                api.ReleaseCUDAProviderOptions().call(provider);
            }
        }
    }

    private Map<String, String> settings(EngineOptions options, Use use) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("device_id", Integer.toString(device));
        // Shapes are fixed: what a step takes is what it asks for, and no more.
        settings.put("arena_extend_strategy", "kSameAsRequested");
        settings.put("use_tf32", options.tf32() ? "1" : "0");
        if (options.captureGraphs() && use == Use.STEP_ON_DEVICE_ALONE) {
            settings.put("enable_cuda_graph", "1");
        }
        return settings;
    }

    private static void update(OrtApi api, OrtCUDAProviderOptionsV2 provider, Map<String, String> settings) {
        try (var keys = new PointerPointer<BytePointer>(settings.size());
                var values = new PointerPointer<BytePointer>(settings.size())) {
            keys.putString(settings.keySet().toArray(String[]::new));
            values.putString(settings.values().toArray(String[]::new));
            check(api, api.UpdateCUDAProviderOptions(provider, keys, values, settings.size()));
        }
    }

    private static void check(OrtApi api, @Nullable OrtStatus status) {
        if (status != null && !status.isNull()) {
            try (var text = api.GetErrorMessage().call(status)) {
                throw new EngineException("ONNX Runtime's CUDA provider: " + text.getString());
            } finally {
                api.ReleaseStatus(status);
            }
        }
    }
}
