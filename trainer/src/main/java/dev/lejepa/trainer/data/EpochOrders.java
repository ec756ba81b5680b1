package dev.lejepa.trainer.data;

import org.jspecify.annotations.Nullable;

/// The orders of the epochs that a loader works on, each computed once. Safe for use by many threads.
final class EpochOrders {
    private record Known(int epoch, int[] order) {}

    private final EpochOrder rule;
    /// At an epoch's end batches of two epochs are prepared at once: even and odd ones have a place each.
    private final @Nullable Known[] known = new @Nullable Known[2];

    EpochOrders(EpochOrder rule) {
        this.rule = rule;
    }

    synchronized int[] of(int epoch) {
        Known found = known[epoch % 2];
        if (found == null || found.epoch() != epoch) {
            found = new Known(epoch, rule.of(epoch));
            known[epoch % 2] = found;
        }
        return found.order();
    }
}
