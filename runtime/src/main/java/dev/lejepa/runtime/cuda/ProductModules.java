package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.Nvrtc;

/// The code of products with formulas.
final class ProductModules {
    private static final String SOURCE = "products.cu";

    /// What has products of four warps. No later architecture has: they are the letter's.
    private static final String ARCHITECTURE = "sm_90";

    static final String WITH_ITS_OWN = ARCHITECTURE + "a";

    private ProductModules() {}

    /// Whether a device has the instructions that the kernels use.
    static boolean runOn(String architecture) {
        return architecture.equals(ARCHITECTURE);
    }

    /// Machine code, and what the compiler has to say against it; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static Nvrtc.Code compile(Nvrtc compiler, String source) {
        return compiler.compileAnew(source, SOURCE, KernelModules.options(WITH_ITS_OWN, KernelModules.TELL_SPILLS));
    }

    /// The code of a source, on the device that is current.
    static CudaModule module(KernelModules modules, String source) {
        return modules.module(source, SOURCE, KernelModules.options(WITH_ITS_OWN));
    }
}
