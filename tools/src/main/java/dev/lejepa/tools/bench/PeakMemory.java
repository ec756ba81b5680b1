package dev.lejepa.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The most memory that this process has held so far.
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String HIGH_WATER = "VmHWM:";

    private PeakMemory() {}

    /// Resident bytes at their peak; empty where the system does not tell.
    public static OptionalLong resident() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(HIGH_WATER))
                    .mapToLong(PeakMemory::bytes)
                    .findFirst();
        }
    }

    /// Of a line such as `VmHWM:    123456 kB`.
    private static long bytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
