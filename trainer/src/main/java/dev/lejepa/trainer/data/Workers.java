package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;

/// How many threads prepare batches; has no influence on what they prepare.
///
/// @param first threads to begin with
/// @param most threads at most; more than the first ones are started while batches are waited for
public record Workers(int first, int most) {
    public Workers {
        if (first < 1 || most < first) {
            throw new IllegalArgumentException(Text.format("%d to %d workers: at least 1 is needed", first, most));
        }
    }

    public static Workers fixed(int threads) {
        return new Workers(threads, threads);
    }

    /// What `workers: auto` stands for in training: one thread, and more where the step waits for its batches, up to one
    /// less than there are cores. A step that keeps all cores busy is disturbed least by the fewest threads.
    ///
    /// @param cores that the run may use
    public static Workers measured(int cores) {
        return new Workers(1, Math.max(1, cores - 1));
    }
}
