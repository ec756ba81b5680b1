package dev.lejepa.tools.bench;

/// How fast something goes.
final class Pace {
    private static final double WARM_UP_SECONDS = 1;
    private static final double SECONDS = 2;

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

    /// Things done per second.
    static double perSecond(Work work) throws InterruptedException {
        run(work, WARM_UP_SECONDS);
        return run(work, SECONDS);
    }

    private static double run(Work work, double seconds) throws InterruptedException {
        var done = 0L;
        var began = System.nanoTime();
        var took = 0.0;
        for (var pass = 0; took < seconds; pass++) {
            done += work.pass(pass);
            took = (System.nanoTime() - began) / 1e9;
        }
        return done / took;
    }
}
