package dev.lejepa.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleFolderTest {
    private static final String WHOLE = """
            {"format": "lejepa-bundle", "version": 1, "target": "ort", "recipe": {}, "groups": [],
             "states": [{"name": "w", "role": "parameter", "dtype": "float32", "shape": [2, 3], "of": null, "group": "g"}],
             "stages": [], "evaluate": {"name": "evaluate", "graph": "evaluate.onnx", "inputs": [], "outputs": []}}
            """;

    @TempDir
    private Path folder;

    private BundleFolder read(String text) throws IOException {
        Files.writeString(folder.resolve("manifest.json"), text);
        return BundleFolder.read(folder);
    }

    private String refusal(String found, String instead) {
        assertTrue(WHOLE.contains(found), found);
        return assertThrows(BadInputException.class, () -> read(WHOLE.replace(found, instead)))
                .getMessage();
    }

    @Test
    void manifestOfABundleFromBeforeDevicesIsRead() throws IOException {
        assertEquals("w", read(WHOLE).manifest().state("w").orElseThrow().name());
    }

    @Test
    void whatAManifestLacksIsNamed() {
        assertTrue(refusal("\"name\": \"w\", ", "").contains("name"));
        assertTrue(refusal("\"parameter\"", "null").contains("states[0].role: "));
        assertTrue(refusal("[2, 3]", "[2, null]").contains("shape"));
        assertTrue(refusal("\"stages\": []", "\"stages\": [null]").contains("stages"));
        assertTrue(refusal("\"evaluate.onnx\"", "null").contains("evaluate.graph: "));
    }

    @Test
    void shapeThatNoMemoryHoldsIsRefused() {
        var absurd = "[9223372036854775807, 3]";
        assertTrue(refusal("[2, 3]", absurd).endsWith("state 'w' has the impossible shape " + absurd));
        assertTrue(refusal("[2, 3]", "[-2, 3]").endsWith("state 'w' has the impossible shape [-2, 3]"));
    }

    @Test
    void nameThatNoFileHasIsRefused() throws IOException {
        var bundle = read(WHOLE);
        var message = assertThrows(BadInputException.class, () -> bundle.file("train\u0000.onnx"))
                .getMessage();
        assertTrue(message.endsWith("manifest.json: no file can be called 'train\\u0000.onnx'"), message);
    }
}
