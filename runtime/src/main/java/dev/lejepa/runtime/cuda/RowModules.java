package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;

/// The code of formulas of rows.
final class RowModules {
    private static final String SOURCE = "rows.cu";
    private static final String INSTRUCTIONS = "instructions.cu";

    private RowModules() {}

    /// What every kernel's source begins with.
    static String prelude() {
        return CudaSource.read(INSTRUCTIONS) + CudaSource.read(SOURCE);
    }

    /// The whole source of a formula's kernel for operands of given shapes.
    static String source(RowFormula formula, RowShape shape) {
        return prelude() + "#line 1 \"" + RowCode.name(formula) + "\"\n" + RowCode.of(formula, shape);
    }

    /// Machine code, and what the compiler has to say against it; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static Nvrtc.Code compile(Nvrtc compiler, String architecture, String source) {
        return compiler.compileAnew(source, SOURCE, KernelModules.options(architecture, KernelModules.TELL_SPILLS));
    }

    /// The code of a formula, on the device that is current.
    static CudaModule module(KernelModules modules, RowFormula formula, RowShape shape) {
        return modules.module(source(formula, shape), SOURCE);
    }
}
