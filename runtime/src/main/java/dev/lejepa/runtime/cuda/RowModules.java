package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The compiled kernels of formulas of rows. Formulas whose source is the same, as most are in a network of equal
/// blocks, share one.
final class RowModules implements AutoCloseable {
    private static final String SOURCE = "rows.cu";
    private static final String INSTRUCTIONS = "instructions.cu";

    private final Nvrtc compiler;
    private final String architecture;
    private final Map<String, CudaModule> bySource = new ConcurrentHashMap<>();

    /// @param architecture for instance `sm_90`
    RowModules(Nvrtc compiler, String architecture) {
        this.compiler = compiler;
        this.architecture = architecture;
    }

    /// What every kernel's source begins with.
    static String prelude() {
        return CudaSource.read(INSTRUCTIONS) + CudaSource.read(SOURCE);
    }

    /// The whole source of a formula's kernel for operands of given shapes.
    static String source(RowFormula formula, RowShape shape) {
        return prelude() + "#line 1 \"" + RowCode.name(formula) + "\"\n" + RowCode.of(formula, shape);
    }

    /// Machine code; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String architecture, String source) {
        var options = List.of("--gpu-architecture=" + architecture, "--std=c++17");
        return compiler.compile(source, SOURCE, options);
    }

    /// The code of a formula, on the device that is current.
    CudaModule module(RowFormula formula, RowShape shape) {
        return bySource.computeIfAbsent(
                source(formula, shape), s -> CudaModule.load(compile(compiler, architecture, s)));
    }

    @Override
    public void close() {
        bySource.values().forEach(CudaModule::close);
        bySource.clear();
    }
}
