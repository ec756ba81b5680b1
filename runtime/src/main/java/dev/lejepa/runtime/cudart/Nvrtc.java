package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// NVIDIA's compiler for CUDA C++ at run time (docs.nvidia.com/cuda/nvrtc). It needs no device.
public final class Nvrtc {
    /// NVRTC numbers its errors otherwise than CUDA.
    private static final int NO_CODE = -1;

    private final NativeFunctions functions;

    private Nvrtc(NativeFunctions functions) {
        this.functions = functions;
    }

    /// The library of the CUDA version that ONNX Runtime was built for; empty where it is not installed.
    public static Optional<Nvrtc> open() {
        var file = "libnvrtc.so." + CudaLibraries.MAJOR;
        return CudaLibraries.open(file).map(l -> new Nvrtc(new NativeFunctions(l, file)));
    }

    /// Machine code for one architecture.
    ///
    /// @param name what messages call the source
    /// @param options of the compiler, for instance `--gpu-architecture=sm_90`
    /// @throws CudaException with the compiler's messages
    public byte[] compile(String source, String name, List<String> options) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(ADDRESS);
            check(functions.invoke(
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
                if (code != 0) {
                    throw new CudaException(
                            Text.format("%s does not compile with %s: %s", name, options, log(arena, program)),
                            NO_CODE);
                }
                return fetch(arena, program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN")
                        .toArray(JAVA_BYTE);
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
        check(functions.invoke(size, program, bytes));
        var data = arena.allocate(Math.max(bytes.get(JAVA_LONG, 0), 1));
        check(functions.invoke(content, program, data));
        return data;
    }

    private void check(int code) {
        if (code != 0) {
            throw new CudaException("NVRTC: " + functions.text("nvrtcGetErrorString", code), NO_CODE);
        }
    }
}
