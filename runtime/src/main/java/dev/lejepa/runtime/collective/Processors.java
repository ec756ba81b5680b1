package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Hardware threads that this process may use, and those that the processes above it may: launchers bind what they start
/// to a part of what they have themselves.
///
/// @param mine of this process
/// @param most of any process above it, and of itself; as many as `mine` where the system does not tell
public record Processors(int mine, int most) {
    private static final String ALLOWED = "Cpus_allowed_list:";

    /// Those of this process.
    public static Processors ofProcess() {
        var allowed = new ArrayList<Integer>();
        for (var process = Optional.of(ProcessHandle.current());
                process.isPresent();
                process = process.flatMap(ProcessHandle::parent)) {
            allowed(Path.of("/proc", Long.toString(process.get().pid()), "status"))
                    .ifPresent(allowed::add);
        }
        var mine = Runtime.getRuntime().availableProcessors();
        var bound = !allowed.isEmpty() && allowed.getFirst() < Collections.max(allowed);
        return new Processors(mine, bound ? Collections.max(allowed) : mine);
    }

    private static Optional<Integer> allowed(Path status) {
        try {
            return allowed(Files.readAllLines(status));
        } catch (IOException e) {
            return Optional.empty(); // no such system, or somebody else's process
        }
    }

    /// How many processors the text of `/proc/PID/status` allows: a list such as `0-3,8`.
    static Optional<Integer> allowed(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip())
                .map(Processors::count)
                .findFirst();
    }

    private static int count(String list) {
        return Arrays.stream(list.split(",", -1))
                .mapToInt(range -> {
                    var ends = range.split("-", 2);
                    return ends.length == 1 ? 1 : Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
                })
                .sum();
    }

    /// Whether somebody bound this process to a part of the processors.
    public boolean bound() {
        return mine < most;
    }

    /// How many of so many threads each of the processes of one machine takes, so that none stands in another's way.
    ///
    /// @param threads that one process alone would take
    public int share(int threads, Launch launch) {
        return bound() ? threads : Math.max(1, threads / launch.localSize());
    }

    /// What a person may not know: that the launcher gives a process less than its share.
    Optional<String> note(Launch launch) {
        var fair = most / launch.localSize();
        return !bound() || mine >= fair
                ? Optional.empty()
                : Optional.of(Text.format(
                        "lejepa: rank %d of %d may use %d of %d processors, since its launcher bound it to them; with --bind-to none mpirun gives it %d",
                        launch.rank(), launch.size(), mine, most, fair));
    }
}
