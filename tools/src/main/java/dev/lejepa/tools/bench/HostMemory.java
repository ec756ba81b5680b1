package dev.lejepa.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Memory of this process and of the machine, where the system tells.
public final class HostMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");

    private HostMemory() {}

    /// Bytes that this process has held at its peak.
    public static OptionalLong peakResident() throws IOException {
        return bytes(STATUS, "VmHWM:");
    }

    /// Bytes that are free, or can be made so.
    public static OptionalLong available() throws IOException {
        return bytes(MACHINE, "MemAvailable:");
    }

    private static OptionalLong bytes(Path file, String key) throws IOException {
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(HostMemory::bytes)
                    .findFirst();
        }
    }

    /// Of a line such as `VmHWM:    123456 kB`.
    private static long bytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
