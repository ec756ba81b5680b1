package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {
    @Test
    void closingRemovesAllThatIsInIt() throws IOException {
        Path path;
        try (var folder = TemporaryFolder.create("lejepa-test-")) {
            path = folder.path();
            Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("c"), "d");
            assertTrue(path.getFileName().toString().startsWith("lejepa-test-"));
        }
        assertFalse(Files.exists(path));
    }
}
