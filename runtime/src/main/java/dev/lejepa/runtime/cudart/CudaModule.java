package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Compiled code on the device that is current, through CUDA's driver (docs.nvidia.com/cuda/cuda-driver-api).
public final class CudaModule implements AutoCloseable {
    /// Of a launch: CUDA takes 32,764 bytes of them from compute capability 7.0 on. Each takes eight, one after the
    /// other, so a kernel may also take all as one structure.
    public static final int MOST_ARGUMENTS = 4095;

    private static final int RELEASE_THRESHOLD = 4; // CU_MEMPOOL_ATTR_RELEASE_THRESHOLD
    private static final long NEVER = -1;
    private static final int SHARED_BYTES = 8; // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES

    private static final int PROCESSORS = 16; // CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT

    private static final String LAUNCH = "cuLaunchKernel";
    private static final String ALLOCATE = "cuMemAllocAsync";
    private static final String FREE = "cuMemFreeAsync";

    private final NativeFunctions driver;
    private final MemorySegment module;
    private final Map<String, CudaKernel> kernels = new ConcurrentHashMap<>();
    private final MethodHandle allocate;
    private final MethodHandle free;
    private volatile int processors; // 0 before they were asked for
    private final Arena arena = Arena.ofShared();
    private final MemorySegment allocated = arena.allocate(JAVA_LONG);

    private CudaModule(NativeFunctions driver, MemorySegment module) {
        this.driver = driver;
        this.module = module;
        this.allocate = driver.function(ALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
        this.free = driver.function(FREE, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    /// How many blocks and threads a kernel is launched with.
    ///
    /// @param threads of a block
    /// @param sharedBytes of a block, beside what the kernel declares
    public record Launch(int gridX, int gridY, int gridZ, int threads, int sharedBytes) {}

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
        check(driver, LAUNCH, ready(kernel, launch).launch(launch, stream, arguments));
    }

    /// Appends a run of a kernel that takes one structure.
    ///
    /// @param words the structure's
    public void launch(String kernel, Launch launch, long stream, long[] words) {
        check(driver, LAUNCH, ready(kernel, launch).launch(launch, stream, words));
    }

    private CudaKernel ready(String kernel, Launch launch) {
        var known = kernels.get(kernel);
        if (known == null) {
            known = kernels.computeIfAbsent(kernel, this::kernel);
        }
        if (launch.sharedBytes() > known.sharedBytes()) {
            allow(known, launch.sharedBytes());
        }
        return known;
    }

    private synchronized void allow(CudaKernel kernel, int sharedBytes) {
        if (sharedBytes > kernel.sharedBytes()) {
            call("cuFuncSetAttribute", kernel.function(), SHARED_BYTES, sharedBytes);
            kernel.allow(sharedBytes);
        }
    }

    /// How kernels of the module copy tiles of a matrix of bfloat16, or of one of many at a time.
    ///
    /// @param shape rows and columns, of which a row has a multiple of 8, and before them how many matrices
    /// @param tileRows of a copy, 256 at most
    /// @param tileColumns of a copy, 64 at most
    public TensorMap tiles(long[] shape, int tileRows, int tileColumns) {
        return new TensorMap(driver, shape, tileRows, tileColumns);
    }

    /// Processors of the module's device.
    public int processors() {
        if (processors == 0) {
            processors = countProcessors();
        }
        return processors;
    }

    private int countProcessors() {
        try (var names = Arena.ofConfined()) {
            var device = names.allocate(JAVA_INT);
            call("cuCtxGetDevice", device);
            var out = names.allocate(JAVA_INT);
            call("cuDeviceGetAttribute", out, PROCESSORS, device.get(JAVA_INT, 0));
            return out.get(JAVA_INT, 0);
        }
    }

    private CudaKernel kernel(String name) {
        try (var names = Arena.ofConfined()) {
            var out = names.allocate(ADDRESS);
            call("cuModuleGetFunction", out, module, names.allocateFrom(name));
            return new CudaKernel(driver.function(LAUNCH, CudaKernel.LAUNCH), out.get(ADDRESS, 0));
        }
    }

    /// Memory that belongs to a stream's order: what is appended later may use it.
    public synchronized long allocate(long bytes, long stream) {
        try {
            check(driver, ALLOCATE, (int) allocate.invokeExact(allocated, bytes, stream));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
        return allocated.get(JAVA_LONG, 0);
    }

    /// Appends zeros to a stream.
    ///
    /// @param address of float32 numbers
    public void clear(long address, long floats, long stream) {
        call("cuMemsetD32Async", address, 0, floats, stream);
    }

    /// Returns when all is done that was appended to a stream.
    public void await(long stream) {
        call("cuStreamSynchronize", stream);
    }

    /// Frees what [#allocate] gave when the stream comes to this point.
    public void free(long address, long stream) {
        try {
            check(driver, FREE, (int) free.invokeExact(address, stream));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    private void call(String function, Object... arguments) {
        check(driver, function, driver.invoke(function, arguments));
    }

    static void check(NativeFunctions driver, String function, int code) {
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
        kernels.values().forEach(CudaKernel::close);
        arena.close();
    }
}
