package dev.lejepa.trainer.eval;

import java.util.SplittableRandom;

/// An endless series of rows: all of them in a random order, again in another, and so on.
final class ShuffledPasses {
    private final int[] order;
    private final SplittableRandom random;
    private int at;

    ShuffledPasses(int[] rows, SplittableRandom random) {
        this.order = rows.clone();
        this.random = random;
        this.at = order.length;
    }

    int[] next(int count) {
        var next = new int[count];
        for (var i = 0; i < count; i++) {
            if (at == order.length) {
                shuffle(order, random);
                at = 0;
            }
            next[i] = order[at++];
        }
        return next;
    }

    /// Fisher-Yates.
    static void shuffle(int[] order, SplittableRandom random) {
        for (var i = order.length - 1; i > 0; i--) {
            var j = random.nextInt(i + 1);
            var kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
