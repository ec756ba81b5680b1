package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;

/// CUDA's runtime library (docs.nvidia.com/cuda/cuda-runtime-api) for one device. Addresses, streams and events are
/// numbers. Any thread may call.
public final class CudaRuntime {
    private static final int NON_BLOCKING = 1; // cudaStreamNonBlocking
    private static final int NO_TIMING = 2; // cudaEventDisableTiming
    private static final int TO_DEVICE = 1;
    private static final int TO_HOST = 2;
    private static final int ON_DEVICE = 3;
    private static final int MAJOR_CAPABILITY = 75; // cudaDevAttrComputeCapabilityMajor
    private static final int MINOR_CAPABILITY = 76;
    /// Compute capability that ONNX Runtime's kernels were compiled for, times ten.
    private static final int OLDEST = 75;

    private static final int NOT_READY = 600; // cudaErrorNotReady
    private static final int RESERVED_FOR_GRAPHS = 2; // cudaGraphMemAttrReservedMemCurrent
    private static final int NAME_BYTES = 256;
    /// More than any version's `cudaDeviceProp`, which begins with the device's name.
    private static final int PROPERTIES_BYTES = 4096;

    private final NativeFunctions functions;
    private final int device;

    private CudaRuntime(SymbolLookup library, int device) {
        this.functions = new NativeFunctions(library, "CUDA's runtime library");
        this.device = device;
    }

    /// Opens a device.
    ///
    /// @throws BadInputException if there is no driver, a library is missing or the driver too old, or there is no such
    ///     device, or it is older than ONNX Runtime's kernels
    public static CudaRuntime open(int device) {
        CudaLibraries.load();
        return over(CudaLibraries.runtime(), device);
    }

    static CudaRuntime over(SymbolLookup library, int device) {
        var runtime = new CudaRuntime(library, device);
        runtime.requireDriver();
        runtime.requireDevice();
        runtime.requireArchitecture();
        runtime.use();
        return runtime;
    }

    private void requireDriver() {
        var version = driverVersion();
        if (version / 1000 < CudaLibraries.MAJOR) {
            throw new BadInputException(Text.format(
                    "device 'cuda:%d': the NVIDIA driver is too old: it knows CUDA up to %d.%d, and ONNX Runtime was built for CUDA %d; install version 580 or newer",
                    device, version / 1000, version % 1000 / 10, CudaLibraries.MAJOR));
        }
    }

    /// The version of CUDA up to which the driver knows it, for instance 13010 for 13.1; 0 if it does not tell.
    public int driverVersion() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            return invoke("cudaDriverGetVersion", out) == 0 ? out.get(JAVA_INT, 0) : 0;
        }
    }

    /// How many devices CUDA finds.
    public int devices() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            call("cudaGetDeviceCount", out);
            return out.get(JAVA_INT, 0);
        }
    }

    private void requireDevice() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            var code = invoke("cudaGetDeviceCount", out);
            var count = code == 0 ? out.get(JAVA_INT, 0) : 0;
            if (count == 0) {
                throw new BadInputException(Text.format(
                        "device 'cuda:%d': CUDA finds no device%s", device, code == 0 ? "" : " (" + text(code) + ")"));
            }
            if (device >= count) {
                throw new BadInputException(Text.format(
                        "device 'cuda:%d' does not exist; CUDA finds %s",
                        device, count == 1 ? "cuda:0 alone" : "cuda:0 to cuda:" + (count - 1)));
            }
        }
    }

    private void requireArchitecture() {
        var capability = attribute(MAJOR_CAPABILITY) * 10 + attribute(MINOR_CAPABILITY);
        if (capability < OLDEST) {
            throw new BadInputException(Text.format(
                    "device 'cuda:%d' (%s) is of compute capability %.1f; ONNX Runtime's kernels need %.1f or newer, and those of ours 8.0",
                    device, deviceName(), capability / 10.0, OLDEST / 10.0));
        }
    }

    /// The device's name, for instance `NVIDIA H200`.
    public String deviceName() {
        try (var arena = Arena.ofConfined()) {
            var properties = arena.allocate(PROPERTIES_BYTES, Long.BYTES);
            call("cudaGetDeviceProperties", properties, device);
            return properties.asSlice(0, NAME_BYTES).getString(0, StandardCharsets.UTF_8);
        }
    }

    /// The device's architecture as compilers name it, for instance `sm_90`.
    public String architecture() {
        return Text.format("sm_%d%d", attribute(MAJOR_CAPABILITY), attribute(MINOR_CAPABILITY));
    }

    private int attribute(int number) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            call("cudaDeviceGetAttribute", out, number, device);
            return out.get(JAVA_INT, 0);
        }
    }

    /// Bytes of the device's memory that nobody has taken.
    public long freeBytes() {
        return memory(0);
    }

    /// Bytes of the device's memory.
    public long totalBytes() {
        return memory(1);
    }

    private long memory(int index) {
        use();
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG, 2);
            call("cudaMemGetInfo", out, out.asSlice(JAVA_LONG.byteSize()));
            return out.getAtIndex(JAVA_LONG, index);
        }
    }

    /// Bytes that CUDA holds for allocations which are recorded in graphs.
    public long graphBytes() {
        use();
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            call("cudaDeviceGetGraphMemAttribute", device, RESERVED_FOR_GRAPHS, out);
            return out.get(JAVA_LONG, 0);
        }
    }

    // ---- memory

    /// Device memory, not cleared.
    public long allocate(long bytes) {
        return created("cudaMalloc", Math.max(bytes, 1));
    }

    public void free(long address) {
        call("cudaFree", pointer(address));
    }

    /// Host memory that the device reads and writes while the host goes on.
    @SuppressWarnings("restricted") // the library says where it is
    public MemorySegment allocateHost(long bytes) {
        return pointer(created("cudaMallocHost", Math.max(bytes, 1))).reinterpret(bytes);
    }

    public void freeHost(MemorySegment memory) {
        call("cudaFreeHost", memory);
    }

    /// Appends a copy to a stream.
    public void toDevice(long target, MemorySegment source, long stream) {
        copy(pointer(target), source, source.byteSize(), TO_DEVICE, stream);
    }

    /// Appends a copy to a stream.
    public void toHost(MemorySegment target, long source, long stream) {
        copy(target, pointer(source), target.byteSize(), TO_HOST, stream);
    }

    /// Appends a copy within the device to a stream.
    public void onDevice(long target, long source, long bytes, long stream) {
        copy(pointer(target), pointer(source), bytes, ON_DEVICE, stream);
    }

    private void copy(MemorySegment target, MemorySegment source, long bytes, int kind, long stream) {
        call("cudaMemcpyAsync", target, source, bytes, kind, pointer(stream));
    }

    /// Appends filling with zeros to a stream.
    public void zero(long address, long bytes, long stream) {
        call("cudaMemsetAsync", pointer(address), 0, bytes, pointer(stream));
    }

    // ---- streams and events

    /// A stream that waits for no other.
    public long stream() {
        return created("cudaStreamCreateWithFlags", NON_BLOCKING);
    }

    public void destroyStream(long stream) {
        call("cudaStreamDestroy", pointer(stream));
    }

    /// Waits until the stream has done all that was appended.
    public void await(long stream) {
        call("cudaStreamSynchronize", pointer(stream));
    }

    /// A mark in streams.
    public long event() {
        return created("cudaEventCreateWithFlags", NO_TIMING);
    }

    public void destroyEvent(long event) {
        call("cudaEventDestroy", pointer(event));
    }

    /// Sets the mark behind all that was appended to a stream.
    public void record(long event, long stream) {
        call("cudaEventRecord", pointer(event), pointer(stream));
    }

    /// What is appended to a stream from now on waits for the mark.
    public void follow(long stream, long event) {
        call("cudaStreamWaitEvent", pointer(stream), pointer(event), 0);
    }

    /// Whether all that is before the mark is done.
    public boolean isDone(long event) {
        use();
        var code = invoke("cudaEventQuery", pointer(event));
        if (code != 0 && code != NOT_READY) {
            throw new CudaException(Text.format("cudaEventQuery: %s", text(code)), code);
        }
        return code == 0;
    }

    /// Waits for the mark.
    public void awaitEvent(long event) {
        call("cudaEventSynchronize", pointer(event));
    }

    // ---- calls

    /// Calls a function whose first argument takes a new handle or address.
    private long created(String function, Object argument) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            call(function, out, argument);
            return out.get(ADDRESS, 0).address();
        }
    }

    private static MemorySegment pointer(long address) {
        return MemorySegment.ofAddress(address);
    }

    /// Makes the device the one that other libraries find when this thread calls them.
    public void use() {
        var code = invoke("cudaSetDevice", device);
        if (code != 0) {
            throw new CudaException(Text.format("cudaSetDevice(%d): %s", device, text(code)), code);
        }
    }

    private void call(String function, Object... arguments) {
        use();
        var code = invoke(function, arguments);
        if (code != 0) {
            throw new CudaException(Text.format("%s: %s", function, text(code)), code);
        }
    }

    private int invoke(String function, Object... arguments) {
        return functions.invoke(function, arguments);
    }

    private String text(int code) {
        return functions.text("cudaGetErrorString", code);
    }

    /// A C string of a library.
    @SuppressWarnings("restricted") // it ends with a zero
    static String string(MemorySegment address) {
        return address.reinterpret(NAME_BYTES).getString(0);
    }
}
