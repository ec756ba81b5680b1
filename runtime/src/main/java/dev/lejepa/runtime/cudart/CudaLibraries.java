package dev.lejepa.runtime.cudart;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.foreign.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The shared libraries that ONNX Runtime's CUDA build needs and does not bring.
public final class CudaLibraries {
    /// CUDA's major version that ONNX Runtime was built for.
    static final int MAJOR = 13;

    static final String DRIVER = "libcuda.so.1";
    private static final String PLATFORM = "Linux x86-64";

    /// @param version that the name ends with
    /// @param part of CUDA that brings it
    private record Needed(String name, int version, String part) {
        String file() {
            return file(version);
        }

        String file(int other) {
            return name + ".so." + other;
        }
    }

    private static final Needed BLAS = new Needed("libcublas", MAJOR, "cuBLAS");

    /// In the order in which they need each other.
    private static final List<Needed> NEEDED = List.of(
            new Needed("libcudart", MAJOR, "the CUDA runtime"),
            new Needed("libcublasLt", MAJOR, "cuBLAS"),
            BLAS,
            new Needed("libcufft", 12, "cuFFT"),
            new Needed("libcudnn", 9, "cuDNN"));

    private CudaLibraries() {}

    /// Loads all of them for the rest of the process.
    ///
    /// @throws BadInputException naming the first that is missing, and what was found in its place
    static void load() {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new BadInputException(Text.format(
                    "device cuda needs %s; this is %s %s",
                    PLATFORM, System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        if (open(DRIVER).isEmpty()) {
            throw new BadInputException(Text.format(
                    "no NVIDIA driver: %s cannot be loaded; install the driver, version 580 or newer", DRIVER));
        }
        NEEDED.forEach(CudaLibraries::require);
    }

    private static void require(Needed library) {
        if (open(library.file()).isPresent()) {
            return;
        }
        var others = IntStream.rangeClosed(library.version() - 3, library.version() + 2)
                .filter(v -> v > 0 && v != library.version())
                .mapToObj(library::file)
                .filter(f -> open(f).isPresent())
                .toList();
        throw new BadInputException(Text.format(
                "%s cannot be loaded: ONNX Runtime was built for CUDA %d and needs %s %d%s; %s",
                library.file(),
                MAJOR,
                library.part(),
                library.version(),
                others.isEmpty() ? "" : ", and found " + String.join(", ", others),
                Text.format("install it, or name its folder in LD_LIBRARY_PATH (%s)", searchPath())));
    }

    private static String searchPath() {
        return Optional.ofNullable(System.getenv("LD_LIBRARY_PATH"))
                .filter(p -> !p.isEmpty())
                .map(p -> "now " + p)
                .orElse("now empty");
    }

    /// The version of cuBLAS, for instance `13.1.0`.
    public static String blasVersion() {
        var file = BLAS.file();
        var functions = new NativeFunctions(
                open(file).orElseThrow(() -> new IllegalStateException(file + " was loaded before")), file);
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_INT);
            return IntStream.range(0, 3) // MAJOR_VERSION, MINOR_VERSION, PATCH_LEVEL
                    .mapToObj(part -> functions.invoke("cublasGetProperty", part, out) == 0
                            ? Integer.toString(out.get(JAVA_INT, 0))
                            : "?")
                    .collect(Collectors.joining("."));
        }
    }

    static Optional<SymbolLookup> open(String file) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) { // says no more than that it cannot be opened
            return Optional.empty();
        }
    }

    static SymbolLookup runtime() {
        var file = NEEDED.getFirst().file();
        return open(file).orElseThrow(() -> new IllegalStateException(file + " was loaded before"));
    }
}
