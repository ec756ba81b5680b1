package dev.lejepa.runtime.cuda;

import java.util.Arrays;
import java.util.List;

/// Times several ways to compute the same on a device, in turn.
///
/// @param await returns when the device has done all that was begun
public record KernelClock(Runnable await) {
    /// Device and host are warm after so long: caches are full, and Java code has become machine code.
    private static final double WARM_UP_MILLIS = 40;

    /// A round is so long that the host's wait at its end does not count.
    private static final double ROUND_MILLIS = 4;

    private static final int ROUNDS = 5;

    /// Milliseconds of a run of each way, the least of some rounds.
    ///
    /// @param ways which begin a run, and do not wait for its end
    public double[] millis(List<Runnable> ways) {
        var runs = ways.stream().mapToInt(this::runsOfRound).toArray();
        var least = new double[runs.length];
        Arrays.fill(least, Double.MAX_VALUE);
        for (var round = 0; round < ROUNDS; round++) {
            for (var way = 0; way < runs.length; way++) {
                least[way] = Math.min(least[way], millis(ways.get(way), runs[way]) / runs[way]);
            }
        }
        return least;
    }

    /// How many runs take a round, after so many that all is warm.
    private int runsOfRound(Runnable way) {
        millis(way, 1); // allocates memory, and compiles
        var runs = 1;
        var last = 0.0;
        for (var all = 0.0; all < WARM_UP_MILLIS; all += last) {
            last = millis(way, runs);
            if (last < ROUND_MILLIS) {
                runs *= 2;
            }
        }
        return runs;
    }

    private double millis(Runnable way, int runs) {
        await.run();
        var began = System.nanoTime();
        for (var i = 0; i < runs; i++) {
            way.run();
        }
        await.run();
        return (System.nanoTime() - began) / 1e6;
    }
}
