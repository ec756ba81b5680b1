package dev.lejepa.runtime.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/// A bundle on disk: its folder and what its manifest says.
public record BundleFolder(Path directory, Manifest manifest) {
    /// Reads the manifest of the bundle in a folder.
    ///
    /// @throws BadInputException if the folder holds no bundle of a version that this program knows
    public static BundleFolder read(Path directory) throws IOException {
        var file = directory.resolve(Bundle.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("%s is no bundle: it has no %s".formatted(directory, Bundle.MANIFEST));
        }
        var mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        try {
            var manifest = mapper.readValue(Files.readAllBytes(file), Manifest.class);
            check(file, manifest);
            return new BundleFolder(directory, manifest);
        } catch (JsonProcessingException e) {
            throw new BadInputException("%s is no manifest: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    private static void check(Path file, Manifest m) {
        if (!Manifest.FORMAT.equals(m.format())) {
            throw new BadInputException(
                    "%s: format is '%s', expected '%s'".formatted(file, m.format(), Manifest.FORMAT));
        }
        if (m.version() != Manifest.VERSION) {
            throw new BadInputException(
                    "%s: version is %d, this program reads %d".formatted(file, m.version(), Manifest.VERSION));
        }
        // Jackson leaves null what a file lacks.
        if (Stream.of(m.states(), m.stages()).anyMatch(Objects::isNull)) {
            throw new BadInputException("%s: states and stages must both be there".formatted(file));
        }
    }

    /// A file of the bundle.
    public Path file(String name) {
        return directory.resolve(name);
    }
}
