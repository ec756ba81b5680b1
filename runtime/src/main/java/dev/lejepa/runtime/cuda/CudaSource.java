package dev.lejepa.runtime.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// CUDA source among this package's resources.
final class CudaSource {
    private CudaSource() {}

    /// A file, whose lines the compiler's messages count from its own first one.
    static String read(String name) {
        try (var in = Objects.requireNonNull(CudaSource.class.getResourceAsStream(name), name)) {
            return "#line 1 \"" + name + "\"\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
