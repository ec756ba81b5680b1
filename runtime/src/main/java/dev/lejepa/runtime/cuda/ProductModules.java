package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The compiled kernels of products with formulas.
final class ProductModules implements AutoCloseable {
    private final Nvrtc compiler;
    private final Map<String, CudaModule> bySource = new ConcurrentHashMap<>();

    ProductModules(Nvrtc compiler) {
        this.compiler = compiler;
    }

    /// Whether a device has the instructions that the kernels use: products of four warps, which no other has.
    static boolean runOn(String architecture) {
        return architecture.equals("sm_90");
    }

    /// Machine code; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String source) {
        return compiler.compile(source, "products.cu", List.of("--gpu-architecture=sm_90a", "--std=c++17"));
    }

    /// The code of a source, on the device that is current.
    CudaModule module(String source) {
        return bySource.computeIfAbsent(source, s -> CudaModule.load(compile(compiler, s)));
    }

    @Override
    public void close() {
        bySource.values().forEach(CudaModule::close);
        bySource.clear();
    }
}
