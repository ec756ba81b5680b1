package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.UpdateFormula.Update;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The compiled kernels of updates.
final class UpdateModules implements AutoCloseable {
    private final Nvrtc compiler;
    private final String architecture;
    private final Map<String, CudaModule> bySource = new ConcurrentHashMap<>();

    /// @param architecture for instance `sm_90`
    UpdateModules(Nvrtc compiler, String architecture) {
        this.compiler = compiler;
        this.architecture = architecture;
    }

    /// The code of some updates, on the device that is current.
    CudaModule module(List<Update> updates) {
        return bySource.computeIfAbsent(
                UpdateCode.source(updates),
                source -> CudaModule.load(RowModules.compile(compiler, architecture, source)));
    }

    @Override
    public void close() {
        bySource.values().forEach(CudaModule::close);
        bySource.clear();
    }
}
