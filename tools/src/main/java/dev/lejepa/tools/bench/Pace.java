package dev.lejepa.tools.bench;

/// How fast something goes.
final class Pace {
    private static final double WARM_UP_SECONDS = 1;
    private static final double ROUND_SECONDS = 0.3;
    private static final int ROUNDS = 4;
    private static final int LONG_ROUNDS = 8;

    /// Work that can be done again and again.
    @FunctionalInterface
    interface Work {
        /// Does it once more.
        ///
        /// @param pass from 0
        /// @return how many things were done
        int pass(int pass) throws InterruptedException;
    }

    private Pace() {}

    /// Things done per second in the fastest round: other work on the machine only ever makes it slower.
    ///
    /// @param passes all that there is to do; a round is one time or several times that
    static double perSecond(int passes, Work work) throws InterruptedException {
        var round = passes * timesPerRound(passes, work);
        var best = 0.0;
        for (var i = 0; i < ROUNDS; i++) {
            best = Math.max(best, rate(round, work));
        }
        return best;
    }

    /// Things done per second in all rounds together, for work that others do ahead: a single round may find some of it
    /// done.
    static double perSecondOverall(int passes, Work work) throws InterruptedException {
        return rate(LONG_ROUNDS * passes * timesPerRound(passes, work), work);
    }

    private static int timesPerRound(int passes, Work work) throws InterruptedException {
        var began = System.nanoTime();
        var warm = 0;
        while (seconds(began) < WARM_UP_SECONDS || warm < passes) {
            work.pass(warm++);
        }
        var allSeconds = seconds(began) / warm * passes;
        return Math.max(1, (int) Math.ceil(ROUND_SECONDS / allSeconds));
    }

    private static double rate(int passes, Work work) throws InterruptedException {
        var done = 0L;
        var began = System.nanoTime();
        for (var pass = 0; pass < passes; pass++) {
            done += work.pass(pass);
        }
        return done / seconds(began);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
