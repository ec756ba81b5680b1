package dev.lejepa.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Small records in files of a run's folder.
final class RunJson {
    private RunJson() {}

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    static void write(Path file, Object value) throws IOException {
        AtomicFile.writeText(file, mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
    }

    /// @return nothing where there is no such file
    /// @throws BadInputException if it is damaged
    static <T> Optional<T> read(Path file, Class<T> kind) throws IOException {
        try {
            var value = mapper().readValue(Files.readAllBytes(file), kind);
            return Optional.of(Optional.ofNullable(value).orElseThrow(() -> damaged(file, "found null")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage());
        }
    }

    private static BadInputException damaged(Path file, String how) {
        return new BadInputException(Text.format(
                "%s is damaged: %s; expected what this program wrote there",
                file, how.lines().findFirst().orElse("")));
    }
}
