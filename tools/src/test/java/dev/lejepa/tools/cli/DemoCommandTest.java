package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void deviceAndPrecisionThatAreNoneAreRefusedByName(@TempDir Path folder) {
        var out = folder.resolve("demo").toString();
        var device = Told.by("demo", "--out", out, "--device", "tpu");
        assertEquals(ExitCode.BAD_INPUT, device.code());
        assertTrue(device.err().startsWith("lejepa: device 'tpu' is unknown"), device.err());
        var precision = Told.by("demo", "--out", out, "--precision", "fp8");
        assertEquals(ExitCode.BAD_INPUT, precision.code());
        assertTrue(precision.err().startsWith("lejepa: --precision fp8: must be one of fp32, bf16"), precision.err());
        assertTrue(Files.notExists(folder.resolve("demo")));
    }
}
