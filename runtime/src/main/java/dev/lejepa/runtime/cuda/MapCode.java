package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// The kernels of pooling and of what stands around convolutions.
final class MapCode {
    /// Neighboring channels that a thread has where there are as many.
    static final int VECTOR = 8;

    static final int THREADS = 256;
    private static final int MOST_BLOCKS = 1 << 16; // a thread goes on with what is left
    private static final String SOURCE = "maps.cu";

    private final KernelModules modules;
    private final String source = source();

    MapCode(KernelModules modules) {
        this.modules = modules;
    }

    /// The whole source.
    static String source() {
        return RowModules.prelude() + CudaSource.read(SOURCE);
    }

    /// The code on the device that is current.
    CudaModule module() {
        return modules.module(source, SOURCE);
    }

    /// A kernel whose threads share out some items.
    static Launch over(long items) {
        return new Launch((int) Math.min(Math.ceilDiv(items, THREADS), MOST_BLOCKS), 1, 1, THREADS, 0);
    }
}
