package dev.lejepa.runtime.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.JsonFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// What `manifest.json` of a checkpoint says.
///
/// @param step completed steps
/// @param recipe digest of the recipe that the run trains
/// @param files all files but this one
@JsonPropertyOrder({"format", "version", "step", "recipe_sha256", "files"})
record CheckpointManifest(
        String format,
        int version,
        long step,
        @JsonProperty("recipe_sha256") String recipe,
        List<Entry> files) {
    static final String NAME = "manifest.json";
    static final String FORMAT = "lejepa-checkpoint";
    static final int VERSION = 1;

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    /// A file with its size and digest.
    @JsonPropertyOrder({"name", "bytes", "sha256"})
    record Entry(String name, long bytes, String sha256) {}

    /// Writes it into a checkpoint's folder.
    void write(Path directory) throws IOException {
        AtomicFile.writeText(
                directory.resolve(NAME),
                new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /// Reads that of a checkpoint's folder.
    ///
    /// @throws BadInputException if it is missing or damaged
    static CheckpointManifest read(Path directory) throws IOException {
        var file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(Text.format("checkpoint %s is damaged: %s is missing", directory, NAME));
        }
        var m = JsonFile.read(
                file, Text.format("checkpoint %s is damaged: %s", directory, NAME), CheckpointManifest.class);
        if (!FORMAT.equals(m.format()) || m.version() != VERSION) {
            throw new BadInputException(Text.format(
                    "%s: format '%s' version %d, expected '%s' version %d",
                    file, m.format(), m.version(), FORMAT, VERSION));
        }
        for (var entry : m.files()) {
            if (!FILE.matcher(entry.name()).matches()) {
                throw new BadInputException(Text.format(
                        "checkpoint %s is damaged: %s lists '%s', which is no file of a checkpoint",
                        directory, NAME, entry.name()));
            }
        }
        if (m.step() < 0) {
            throw new BadInputException(
                    Text.format("checkpoint %s is damaged: %s: step is %d", directory, NAME, m.step()));
        }
        return m;
    }
}
