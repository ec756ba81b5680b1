package dev.lejepa.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/// Counts processor cores.
final class Cores {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Cores() {}

    /// Physical cores that this process may use: two hardware threads of one core share its arithmetic units, and a
    /// second one only slows matrix products down.
    static int physical() {
        int logical = Runtime.getRuntime().availableProcessors();
        if (!Files.isReadable(CPU_INFO)) {
            return logical;
        }
        try {
            int cores = physical(Files.readAllLines(CPU_INFO));
            return cores == 0 ? logical : Math.min(cores, logical);
        } catch (IOException e) {
            return logical; // a guess is enough
        }
    }

    /// Distinct pairs of socket and core in the text of `/proc/cpuinfo`; 0 where it does not tell.
    static int physical(List<String> cpuInfo) {
        var cores = new HashSet<String>();
        String socket = "";
        for (String line : cpuInfo) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.startsWith("physical id")) {
                socket = value;
            } else if (line.startsWith("core id")) {
                cores.add(socket + "/" + value);
            }
        }
        return cores.size();
    }
}
