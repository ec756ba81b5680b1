package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/// NVIDIA's compiler for CUDA C++ at run time (docs.nvidia.com/cuda/nvrtc). It needs no device.
public final class Nvrtc {
    /// The library of the CUDA version that ONNX Runtime was built for.
    public static final String LIBRARY = "libnvrtc.so." + CudaLibraries.MAJOR;

    /// What the compiler made of a source.
    ///
    /// @param bytes machine code
    /// @param log what it said beside that, in lines: warnings, and what options ask for
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Code(byte[] bytes, String log) {}

    private static final int OUT_OF_MEMORY = 1; // NVRTC_ERROR_OUT_OF_MEMORY

    /// NVRTC numbers its errors otherwise than CUDA.
    private static final int NO_CODE = -1;

    private final NativeFunctions functions;
    private final Optional<KernelCache> cache;
    private final String version;

    private Nvrtc(NativeFunctions functions, Optional<KernelCache> cache) {
        this.functions = functions;
        this.cache = cache;
        this.version = version(functions);
    }

    /// The compiler; empty where it is not installed.
    public static Optional<Nvrtc> open() {
        return open(Optional.empty());
    }

    /// The compiler, which compiles nothing that was compiled before. Empty where it is not installed: what is kept is
    /// its version's.
    public static Optional<Nvrtc> open(KernelCache cache) {
        return open(Optional.of(cache));
    }

    private static Optional<Nvrtc> open(Optional<KernelCache> cache) {
        return CudaLibraries.open(LIBRARY).map(library -> over(library, cache));
    }

    static Nvrtc over(SymbolLookup library, Optional<KernelCache> cache) {
        return new Nvrtc(new NativeFunctions(library, LIBRARY), cache);
    }

    private static String version(NativeFunctions functions) {
        try (var arena = Arena.ofConfined()) {
            var major = arena.allocate(JAVA_INT);
            var minor = arena.allocate(JAVA_INT);
            check(functions, functions.invoke("nvrtcVersion", major, minor));
            return Text.format("NVRTC %d.%d", major.get(JAVA_INT, 0), minor.get(JAVA_INT, 0));
        }
    }

    /// Machine code for one architecture: kept code, where it was compiled before, or new.
    ///
    /// @param name what messages call the source
    /// @param options of the compiler, for instance `--gpu-architecture=sm_90`
    /// @throws CudaException with the compiler's messages
    public byte[] compile(String source, String name, List<String> options) {
        return cache.isPresent()
                ? cache.get()
                        .code(
                                new KernelKey(version, options, name, source),
                                () -> compileAnew(source, name, options).bytes())
                : compileAnew(source, name, options).bytes();
    }

    /// The same without a look at what was compiled before, and with the compiler's messages.
    public Code compileAnew(String source, String name, List<String> options) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            check(
                    functions,
                    functions.invoke(
                            "nvrtcCreateProgram",
                            out,
                            arena.allocateFrom(source),
                            arena.allocateFrom(name),
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL));
            var program = out.get(ADDRESS, 0);
            try {
                var list = arena.allocate(ADDRESS, options.size());
                for (var i = 0; i < options.size(); i++) {
                    list.setAtIndex(ADDRESS, i, arena.allocateFrom(options.get(i)));
                }
                var code = functions.invoke("nvrtcCompileProgram", program, options.size(), list);
                if (code != 0 && code != OUT_OF_MEMORY) {
                    throw new CudaException(
                            Text.format("%s does not compile with %s: %s", name, options, log(arena, program)),
                            NO_CODE);
                }
                check(functions, code);
                var bytes = fetch(arena, program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN")
                        .toArray(JAVA_BYTE);
                return new Code(bytes, log(arena, program));
            } finally {
                functions.invoke("nvrtcDestroyProgram", out);
            }
        }
    }

    private String log(Arena arena, MemorySegment program) {
        return fetch(arena, program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog")
                .getString(0)
                .strip();
    }

    private MemorySegment fetch(Arena arena, MemorySegment program, String size, String content) {
        var bytes = arena.allocate(JAVA_LONG);
        check(functions, functions.invoke(size, program, bytes));
        var data = arena.allocate(Math.max(bytes.get(JAVA_LONG, 0), 1));
        check(functions, functions.invoke(content, program, data));
        return data;
    }

    private static void check(NativeFunctions functions, int code) {
        if (code == OUT_OF_MEMORY) {
            throw new CudaException("NVRTC found too little of the host's memory free to compile a kernel", NO_CODE);
        }
        if (code != 0) {
            throw new CudaException("NVRTC: " + functions.text("nvrtcGetErrorString", code), NO_CODE);
        }
    }
}
