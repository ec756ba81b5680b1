package dev.lejepa.graphs;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/// JSON files as records. Fields that a record does not have are ignored, so that later versions may add some; fields
/// and items that are missing or null are refused, unless the component says otherwise by
/// `@JsonSetter(nulls = Nulls.SET)`.
public final class JsonFile {
    private JsonFile() {}

    /// Reads a file.
    ///
    /// @param named what messages begin with, the file's name in it
    /// @throws BadInputException if it is no JSON, or not that of the record
    public static <T> T read(Path file, String named, Class<T> type) throws IOException {
        var mapper = mapper();
        try {
            var tree = mapper.readTree(Files.readString(file));
            if (!tree.isObject()) {
                throw new BadInputException(Text.format(
                        "%s: found %s where a JSON object is expected",
                        named, tree.getNodeType().name().toLowerCase(Locale.ROOT)));
            }
            return mapper.treeToValue(tree, type);
        } catch (CharacterCodingException e) {
            throw new BadInputException(named + ": its text is not UTF-8", e);
        } catch (JsonMappingException e) {
            throw new BadInputException(Text.format("%s: %s%s", named, place(e), e.getOriginalMessage()), e);
        } catch (JsonProcessingException e) {
            throw new BadInputException(Text.format("%s: %s", named, e.getOriginalMessage()), e);
        }
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL))
                .build();
    }

    /// `states[3].name: `
    private static String place(JsonMappingException e) {
        var path = e.getPath().stream()
                .map(step ->
                        step.getFieldName() == null ? Text.format("[%d]", step.getIndex()) : "." + step.getFieldName())
                .collect(Collectors.joining());
        return path.isEmpty() ? "" : (path.startsWith(".") ? path.substring(1) : path) + ": ";
    }
}
