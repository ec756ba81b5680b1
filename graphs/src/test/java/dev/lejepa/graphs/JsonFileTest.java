package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonFileTest {
    record Item(String name) {}

    record Whole(
            int count,
            List<Item> items,
            @JsonSetter(nulls = Nulls.SET) @Nullable String note) {}

    @TempDir
    private Path folder;

    private Whole read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Whole read(byte[] bytes) throws IOException {
        var file = folder.resolve("whole.json");
        Files.write(file, bytes);
        return JsonFile.read(file, "whole.json", Whole.class);
    }

    private void assertRefused(String text, String... words) {
        var message = assertThrows(BadInputException.class, () -> read(text)).getMessage();
        for (var word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void recordIsReadAndFieldsOfLaterVersionsAreIgnored() throws IOException {
        assertEquals(
                new Whole(2, List.of(new Item("a")), null),
                read("{\"count\": 2, \"items\": [{\"name\": \"a\", \"new\": 1}], \"newer\": {}}"));
    }

    @Test
    void fieldThatIsMissingOrNullIsRefusedByItsPlace() {
        assertRefused("{\"items\": []}", "whole.json: ", "count");
        assertRefused("{\"count\": 1}", "items");
        assertRefused("{\"count\": 1, \"items\": [null]}", "items");
        assertRefused("{\"count\": 1, \"items\": [{\"name\": \"a\"}, {\"name\": null}]}", "items[1].name: ");
        assertRefused("{\"count\": 1, \"items\": [{}]}", "items[0]", "name");
    }

    @Test
    void otherJsonIsRefused() {
        assertRefused("", "found missing where a JSON object is expected");
        assertRefused("null", "found null where a JSON object is expected");
        assertRefused("[1]", "found array where a JSON object is expected");
        assertRefused("{\"count\": 1, \"items\": []} {}", "whole.json: ");
        assertRefused("{\"count\": 1, \"items\": ", "whole.json: ");
        assertRefused("[".repeat(100_000), "whole.json: ");
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        var bytes = new byte[] {0, 0, 'a', 0, 0x22, 0x65, 0x7b, (byte) 0xa6};
        var message = assertThrows(BadInputException.class, () -> read(bytes)).getMessage();
        assertEquals("whole.json: its text is not UTF-8", message);
    }
}
