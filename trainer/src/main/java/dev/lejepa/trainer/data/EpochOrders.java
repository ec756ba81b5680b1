package dev.lejepa.trainer.data;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The orders of the epochs that a loader works on, each computed once. Safe for use by many threads.
final class EpochOrders {
    /// An epoch.
    ///
    /// @param images the image at each place
    /// @param identities what decides the draws at each place: the image's number, and above all numbers where the image
    ///     has come in this epoch before, so that its views are others then
    record Visits(int[] images, int[] identities) {}

    private record Known(int epoch, Visits visits) {}

    private final EpochOrder rule;
    /// At an epoch's end batches of two epochs are prepared at once: even and odd ones have a place each.
    private final @Nullable Known[] known = new @Nullable Known[2];

    EpochOrders(EpochOrder rule) {
        this.rule = rule;
    }

    synchronized Visits of(int epoch) {
        Known found = known[epoch % 2];
        if (found == null || found.epoch() != epoch) {
            int[] order = rule.of(epoch);
            found = new Known(epoch, new Visits(order, identities(order, rule.images())));
            known[epoch % 2] = found;
        }
        return found.visits();
    }

    private static int[] identities(int[] order, int images) {
        var seen = new BitSet(images);
        int[] identities = order.clone();
        int next = images;
        for (int place = 0; place < order.length; place++) {
            if (seen.get(order[place])) {
                identities[place] = next++;
            }
            seen.set(order[place]);
        }
        return identities;
    }
}
