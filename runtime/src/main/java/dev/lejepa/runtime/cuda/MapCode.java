package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.Optional;

/// The kernels of pooling and of what stands around convolutions, compiled for one architecture when they are first
/// asked
/// for, and kept.
final class MapCode implements AutoCloseable {
    /// Neighboring channels that a thread has where there are as many.
    static final int VECTOR = 8;

    static final int THREADS = 256;
    private static final int MOST_BLOCKS = 1 << 16; // a thread goes on with what is left
    private static final String SOURCE = "maps.cu";

    private final Nvrtc compiler;
    private final String architecture;
    private Optional<CudaModule> module = Optional.empty();

    /// @param architecture for instance `sm_90`
    MapCode(Nvrtc compiler, String architecture) {
        this.compiler = compiler;
        this.architecture = architecture;
    }

    static String source() {
        return RowModules.prelude() + CudaSource.read(SOURCE);
    }

    /// Machine code; needs no device.
    ///
    /// @throws dev.lejepa.runtime.cudart.CudaException with the compiler's messages
    static byte[] compile(Nvrtc compiler, String architecture) {
        return RowModules.compile(compiler, architecture, source());
    }

    /// The code on the device that is current.
    synchronized CudaModule module() {
        var found = module.orElseGet(() -> CudaModule.load(compile(compiler, architecture)));
        module = Optional.of(found);
        return found;
    }

    /// A kernel whose threads share out some items.
    static Launch over(long items) {
        return new Launch((int) Math.min(Math.ceilDiv(items, THREADS), MOST_BLOCKS), 1, 1, THREADS, 0);
    }

    @Override
    public synchronized void close() {
        module.ifPresent(CudaModule::close);
        module = Optional.empty();
    }
}
