package dev.lejepa.tools.pictures;

import java.util.Arrays;

/// What is asked of many numbers at once: where they part, and where nearly all of them lie.
final class Scores {
    private static final int BINS = 256;

    private Scores() {}

    /// The value at a fraction of the sorted numbers, between neighbors in proportion.
    static double quantile(double[] numbers, double fraction) {
        var sorted = numbers.clone();
        Arrays.sort(sorted);
        var place = fraction * (sorted.length - 1);
        var below = (int) place;
        var above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /// The threshold that parts numbers into two groups with the most variance between them (Otsu, 1979), in steps of
    /// the range over 256.
    static double otsu(double[] numbers) {
        var least = Arrays.stream(numbers).min().orElseThrow();
        var most = Arrays.stream(numbers).max().orElseThrow();
        var counts = new long[BINS];
        for (var number : numbers) {
            counts[most > least ? Math.min(BINS - 1, (int) ((number - least) / (most - least) * BINS)) : 0]++;
        }
        return least + (most - least) * (parting(counts, numbers.length) + 1) / BINS;
    }

    /// The last bin of the lower group; where a gap leaves several, in their middle.
    private static double parting(long[] counts, long total) {
        var sum = 0.0;
        for (var i = 0; i < BINS; i++) {
            sum += (double) i * counts[i];
        }
        var first = 0;
        var last = 0;
        var largest = -1.0;
        var below = 0L;
        var sumBelow = 0.0;
        for (var i = 0; i < BINS - 1; i++) {
            below += counts[i];
            sumBelow += (double) i * counts[i];
            if (below == 0 || below == total) {
                continue;
            }
            var difference = sumBelow / below - (sum - sumBelow) / (total - below);
            var between = (double) below * (total - below) * difference * difference;
            if (between > largest) {
                largest = between;
                first = i;
            }
            if (between == largest) {
                last = i;
            }
        }
        return (first + last) / 2.0;
    }
}
