package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Compiled code on the device that is current, through CUDA's driver (docs.nvidia.com/cuda/cuda-driver-api).
public final class CudaModule implements AutoCloseable {
    private static final int RELEASE_THRESHOLD = 4; // CU_MEMPOOL_ATTR_RELEASE_THRESHOLD
    private static final long NEVER = -1;
    private static final int SHARED_BYTES = 8; // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES

    private final NativeFunctions driver;
    private final MemorySegment module;
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    private CudaModule(NativeFunctions driver, MemorySegment module) {
        this.driver = driver;
        this.module = module;
    }

    /// How many blocks and threads a kernel is launched with.
    ///
    /// @param threads of a block
    /// @param sharedBytes of a block, beside what the kernel declares
    public record Launch(int gridX, int gridY, int gridZ, int threads, int sharedBytes) {}

    /// A kernel, and the most shared memory that it may be launched with so far; more than 48 KB must be allowed.
    private record Kernel(MemorySegment function, int sharedBytes) {}

    /// Loads machine code.
    ///
    /// @throws CudaException if it was compiled for another architecture
    public static CudaModule load(byte[] code) {
        var driver = CudaLibraries.open(CudaLibraries.DRIVER)
                .map(l -> new NativeFunctions(l, CudaLibraries.DRIVER))
                .orElseThrow(() -> new BadInputException(
                        Text.format("no NVIDIA driver: %s cannot be loaded", CudaLibraries.DRIVER)));
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            keepFreedMemory(driver, arena);
            var copy = arena.allocate(code.length, JAVA_LONG.byteAlignment());
            MemorySegment.copy(MemorySegment.ofArray(code), 0, copy, 0, code.length);
            check(driver, "cuModuleLoadData", driver.invoke("cuModuleLoadData", out, copy));
            return new CudaModule(driver, out.get(ADDRESS, 0));
        }
    }

    /// By default the device's pool gives memory that was freed in a stream's order back to the system whenever the host
    /// waits, which it does once a step.
    private static void keepFreedMemory(NativeFunctions driver, Arena arena) {
        var device = arena.allocate(JAVA_INT);
        check(driver, "cuCtxGetDevice", driver.invoke("cuCtxGetDevice", device));
        var pool = arena.allocate(ADDRESS);
        var number = device.get(JAVA_INT, 0);
        check(driver, "cuDeviceGetDefaultMemPool", driver.invoke("cuDeviceGetDefaultMemPool", pool, number));
        var bytes = arena.allocateFrom(JAVA_LONG, NEVER);
        check(
                driver,
                "cuMemPoolSetAttribute",
                driver.invoke("cuMemPoolSetAttribute", pool.get(ADDRESS, 0), RELEASE_THRESHOLD, bytes));
    }

    /// Appends a run of a kernel to a stream.
    ///
    /// @param arguments addresses as `Long`, numbers as `Integer` or `Float`, in the kernel's order
    public void launch(String kernel, Launch launch, long stream, Object... arguments) {
        var function = kernels.compute(kernel, (name, known) -> allowed(name, known, launch.sharedBytes()))
                .function();
        try (var arena = Arena.ofConfined()) {
            var list = arena.allocate(ADDRESS, arguments.length);
            for (var i = 0; i < arguments.length; i++) {
                list.setAtIndex(ADDRESS, i, argument(arena, arguments[i]));
            }
            call(
                    "cuLaunchKernel",
                    function,
                    launch.gridX(),
                    launch.gridY(),
                    launch.gridZ(),
                    launch.threads(),
                    1,
                    1,
                    launch.sharedBytes(),
                    MemorySegment.ofAddress(stream),
                    list,
                    MemorySegment.NULL);
        }
    }

    private static MemorySegment argument(Arena arena, Object value) {
        return switch (value) {
            case Long address -> arena.allocateFrom(JAVA_LONG, address);
            case Integer number -> arena.allocateFrom(JAVA_INT, number);
            case Float number -> arena.allocateFrom(JAVA_FLOAT, number);
            default -> throw new IllegalArgumentException("no C type for " + value);
        };
    }

    private Kernel allowed(String name, @Nullable Kernel known, int sharedBytes) {
        if (known != null && known.sharedBytes() >= sharedBytes) {
            return known;
        }
        var function = known == null ? function(name) : known.function();
        call("cuFuncSetAttribute", function, SHARED_BYTES, sharedBytes);
        return new Kernel(function, sharedBytes);
    }

    private MemorySegment function(String kernel) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            call("cuModuleGetFunction", out, module, arena.allocateFrom(kernel));
            return out.get(ADDRESS, 0);
        }
    }

    /// Memory that belongs to a stream's order: what is appended later may use it.
    public long allocate(long bytes, long stream) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            call("cuMemAllocAsync", out, bytes, MemorySegment.ofAddress(stream));
            return out.get(JAVA_LONG, 0);
        }
    }

    /// Frees what [#allocate] gave when the stream comes to this point.
    public void free(long address, long stream) {
        call("cuMemFreeAsync", address, MemorySegment.ofAddress(stream));
    }

    private void call(String function, Object... arguments) {
        check(driver, function, driver.invoke(function, arguments));
    }

    private static void check(NativeFunctions driver, String function, int code) {
        if (code != 0) {
            try (var arena = Arena.ofConfined()) {
                var out = arena.allocate(ADDRESS);
                driver.invoke("cuGetErrorString", code, out);
                throw new CudaException(Text.format("%s: %s", function, CudaRuntime.string(out.get(ADDRESS, 0))), code);
            }
        }
    }

    @Override
    public void close() {
        call("cuModuleUnload", module);
    }
}
