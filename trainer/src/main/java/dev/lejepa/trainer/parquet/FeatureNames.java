package dev.lejepa.trainer.parquet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names of classes in what Hugging Face's `datasets` writes into a table's footer:
/// `{"info": {"features": {"label": {"names": [...], "_type": "ClassLabel"}}}}`.
final class FeatureNames {
    private FeatureNames() {}

    /// The names by number; empty where the metadata has none for the column.
    ///
    /// @param json the metadata, null where there is none
    /// @throws BadInputException if it is no JSON
    static List<String> of(Path file, @Nullable String json, String column) {
        if (json == null) {
            return List.of();
        }
        try {
            var names = JsonMapper.builder()
                    .build()
                    .readTree(json)
                    .path("info")
                    .path("features")
                    .path(column)
                    .path("names");
            var found = new ArrayList<String>();
            names.forEach(name -> found.add(name.asText()));
            return found;
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    Text.format(
                            "%s: its metadata 'huggingface' is no JSON: %s",
                            PathText.shown(file), e.getOriginalMessage()),
                    e);
        }
    }
}
