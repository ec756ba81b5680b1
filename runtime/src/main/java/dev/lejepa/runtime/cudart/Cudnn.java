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
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// cuDNN's graph interface (docs.nvidia.com/cudnn, the backend's functions): what is to be computed is told by
/// descriptors with numbered attributes, and so is how. It needs no device but for running.
public final class Cudnn {
    /// Devices can be described from this version on; those for CUDA 13 are newer.
    static final long OLDEST = 90_800;

    private static final String FILE = "libcudnn.so.9";
    private static final int MESSAGE_BYTES = 4096;
    /// cuDNN numbers its errors otherwise than CUDA.
    static final int NO_CODE = -1;

    private final NativeFunctions functions;
    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle set;
    private final MethodHandle get;
    private final MethodHandle complete;
    private final MethodHandle execute;
    private final MethodHandle stream;
    private final MethodHandle lastError;

    private Cudnn(SymbolLookup library) {
        this.functions = new NativeFunctions(library, FILE);
        this.create =
                functions.function("cudnnBackendCreateDescriptor", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        this.destroy = functions.function("cudnnBackendDestroyDescriptor", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        this.set = functions.function(
                "cudnnBackendSetAttribute",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
        this.get = functions.function(
                "cudnnBackendGetAttribute",
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
        this.complete = functions.function("cudnnBackendFinalize", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        this.execute = functions.function(
                "cudnnBackendExecute", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        this.stream = functions.function("cudnnSetStream", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        this.lastError = functions.function("cudnnGetLastErrorString", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
    }

    /// The library that ONNX Runtime's CUDA build needs too; empty where it cannot be loaded.
    ///
    /// @throws BadInputException if it is too old
    public static Optional<Cudnn> open() {
        return CudaLibraries.open(FILE).map(Cudnn::over);
    }

    /// @throws BadInputException if the library is too old
    static Cudnn over(SymbolLookup library) {
        var cudnn = new Cudnn(library);
        cudnn.requireVersion();
        return cudnn;
    }

    private void requireVersion() {
        long found;
        try {
            found = (long) functions
                    .function("cudnnGetVersion", FunctionDescriptor.of(JAVA_LONG))
                    .invokeExact();
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
        if (found < OLDEST) {
            throw new BadInputException(Text.format(
                    "%s is cuDNN %s, convolutions in bfloat16 need %s or newer; train.precision=fp32 does without",
                    FILE, version(found), version(OLDEST)));
        }
    }

    private static String version(long number) {
        return Text.format("%d.%d.%d", number / 10_000, number / 100 % 100, number % 100);
    }

    /// A new descriptor.
    long create(int kind) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            check("cudnnBackendCreateDescriptor", (int) create.invokeExact(kind, out));
            return out.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    void destroy(long descriptor) {
        try {
            check("cudnnBackendDestroyDescriptor", (int) destroy.invokeExact(descriptor));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    void set(long descriptor, int attribute, int type, long count, MemorySegment elements) {
        try {
            check("cudnnBackendSetAttribute", (int) set.invokeExact(descriptor, attribute, type, count, elements));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// @param most elements that there is room for
    /// @return how many there are
    long get(long descriptor, int attribute, int type, long most, MemorySegment elements) {
        try (var arena = Arena.ofConfined()) {
            var count = arena.allocate(JAVA_LONG);
            check("cudnnBackendGetAttribute", (int)
                    get.invokeExact(descriptor, attribute, type, most, count, elements));
            return count.get(JAVA_LONG, 0);
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// Says that all attributes are set.
    ///
    /// @throws CudaException if cuDNN does not know how to compute what they say
    void complete(long descriptor) {
        try {
            check("cudnnBackendFinalize", (int) complete.invokeExact(descriptor));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// Appends a plan's kernels to the handle's stream.
    void execute(long handle, long plan, long arguments) {
        try {
            check("cudnnBackendExecute", (int) execute.invokeExact(handle, plan, arguments));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    /// A handle for the device that is current.
    long handle() {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            check("cudnnCreate", functions.invoke("cudnnCreate", out));
            return out.get(JAVA_LONG, 0);
        }
    }

    void destroyHandle(long handle) {
        check("cudnnDestroy", functions.invoke("cudnnDestroy", handle));
    }

    void useStream(long handle, long number) {
        try {
            check("cudnnSetStream", (int) stream.invokeExact(handle, number));
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }

    private void check(String function, int code) {
        if (code == 0) {
            return;
        }
        try (var arena = Arena.ofConfined()) {
            var message = arena.allocate(MESSAGE_BYTES);
            lastError.invokeExact(message, (long) MESSAGE_BYTES);
            var details = message.getString(0).lines().findFirst().orElse("");
            throw new CudaException(
                    Text.format(
                            "%s: %s%s",
                            function,
                            functions.text("cudnnGetErrorString", code),
                            details.isEmpty() ? "" : " (" + details + ")"),
                    NO_CODE);
        } catch (Throwable e) {
            throw NativeFunctions.unchecked(e);
        }
    }
}
