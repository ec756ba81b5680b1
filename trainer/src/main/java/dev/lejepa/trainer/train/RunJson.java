package dev.lejepa.trainer.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.JsonFile;
import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Small records in files of a run's folder.
final class RunJson {
    private RunJson() {}

    static void write(Path file, Object value) throws IOException {
        var json = new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        AtomicFile.writeText(file, json + "\n");
    }

    /// @return nothing where there is no such file
    /// @throws dev.lejepa.graphs.BadInputException if it is damaged
    static <T> Optional<T> read(Path file, Class<T> kind) throws IOException {
        return Files.exists(file)
                ? Optional.of(JsonFile.read(file, PathText.shown(file) + " is damaged", kind))
                : Optional.empty();
    }
}
