package dev.lejepa.runtime.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// CUDA source among this package's resources.
final class CudaSource {
    private CudaSource() {}

    static String read(String name) {
        try (var in = Objects.requireNonNull(CudaSource.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
