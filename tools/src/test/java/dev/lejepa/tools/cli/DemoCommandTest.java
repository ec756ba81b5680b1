package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @Test
    void demonstrationRunAgainGetsTheNextFreeNumber(@TempDir Path folder) throws IOException {
        Path wanted = folder.resolve("demo");
        assertEquals(wanted, DemoCommand.free(wanted));
        Files.createDirectory(wanted);
        assertEquals(folder.resolve("demo-2"), DemoCommand.free(wanted));
        Files.createDirectory(folder.resolve("demo-2"));
        assertEquals(folder.resolve("demo-3"), DemoCommand.free(wanted));
    }
}
