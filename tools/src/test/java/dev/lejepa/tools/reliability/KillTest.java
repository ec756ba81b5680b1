package dev.lejepa.tools.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A run that is killed loses nothing. `tools/reliability/kill.sh` kills more of them.
class KillTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void killedRunResumesToEqualBitsWheneverItWasKilled() throws IOException, InterruptedException {
        var seed = Long.getLong("kill.seed", 1);
        var first = Long.getLong("kill.first", 0);
        var runs = Long.getLong("kill.runs", 5);
        var kills = Kills.in(folder);
        var killed = 0;
        var lost = new ArrayList<String>();
        for (var index = first; index < first + runs; index++) {
            var outcome = kills.kill(seed, index);
            var line = "run %d of seed %d, %s".formatted(index, seed, outcome.line());
            System.out.println(line);
            killed += outcome.kills().size();
            outcome.fault().ifPresent(_ -> lost.add(line));
        }
        System.out.println("%d runs killed %d times, %d resumed to equal bits, %d lost"
                .formatted(runs, killed, runs - lost.size(), lost.size()));
        assertEquals(List.of(), lost);
    }
}
