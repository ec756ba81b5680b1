package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeTextTest {
    @TempDir
    private Path folder;

    private String refusal(Path file) {
        return assertThrows(BadInputException.class, () -> RecipeText.read(file, Duration.ofMillis(300)))
                .getMessage();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("r.yaml"), bytes);
    }

    @Test
    void utf16IsReadWhereItsMarkStandsFirst() throws IOException {
        assertEquals("seed: 3 # é", RecipeText.read(file("seed: 3 # é".getBytes(StandardCharsets.UTF_16))));
        var little = "\ufeffseed: 3 # é".getBytes(StandardCharsets.UTF_16LE);
        assertEquals("seed: 3 # é", RecipeText.read(file(little)));
    }

    @Test
    void otherEncodingsAreRefusedWithTheLine() throws IOException {
        var latin = file("seed: 3\n# é\n".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(latin + ": line 2: not a recipe, its text is not UTF-8", refusal(latin));
    }

    @Test
    void aFileThatNoRecipeIsAsLongAsIsRefused() throws IOException {
        var long_ = file(new byte[(1 << 20) + 1]);
        assertEquals(long_ + ": is longer than 1048576 bytes, no recipe is", refusal(long_));
    }

    @Test
    void aDeviceIsRefused() {
        var device = Path.of("/dev/zero");
        assumeTrue(Files.exists(device));
        assertEquals(device + ": is a device or socket where a recipe (YAML) is expected", refusal(device));
    }

    @Test
    void aPipeIsReadAndOneThatNobodyWritesToIsRefused() throws IOException, InterruptedException {
        var pipe = folder.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        var writer = Thread.ofPlatform().daemon().start(() -> {
            try {
                Files.writeString(pipe, "seed: 3");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertEquals("seed: 3", RecipeText.read(pipe));
        writer.join();
        assertTrue(refusal(pipe).startsWith(pipe + ": is a pipe that gave no whole recipe within"), refusal(pipe));
    }
}
