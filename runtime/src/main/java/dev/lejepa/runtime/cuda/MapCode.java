package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.Nvrtc;

/// The kernels of pooling and of what stands around convolutions, compiled for one architecture when they are first
/// asked
/// for, and kept.
///
/// @param modules of the device's architecture
record MapCode(KernelModules modules) {
    /// Neighboring channels that a thread has where there are as many.
    static final int VECTOR = 8;

    static final int THREADS = 256;
    private static final int MOST_BLOCKS = 1 << 16; // a thread goes on with what is left
    private static final String SOURCE = "maps.cu";

    static String source() {
        return RowModules.prelude() + CudaSource.read(SOURCE);
    }

    /// Machine code; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String architecture) {
        return compiler.compile(source(), SOURCE, KernelModules.options(architecture));
    }

    /// The code on the device that is current.
    CudaModule module() {
        return modules.module(source(), SOURCE);
    }

    /// A kernel whose threads share out some items.
    static Launch over(long items) {
        return new Launch((int) Math.min(Math.ceilDiv(items, THREADS), MOST_BLOCKS), 1, 1, THREADS, 0);
    }
}
