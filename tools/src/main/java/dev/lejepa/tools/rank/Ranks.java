package dev.lejepa.tools.rank;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Places of numbers in ascending order.
final class Ranks {
    private Ranks() {}

    /// The place of each value, from 1; equal values share the mean of their places.
    static double[] of(double[] values) {
        var order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        var ranks = new double[values.length];
        var first = 0;
        while (first < order.length) {
            var end = first + 1;
            while (end < order.length && values[order[end]] == values[order[first]]) {
                end++;
            }
            for (var i = first; i < end; i++) {
                ranks[order[i]] = (first + 1 + end) / 2.0;
            }
            first = end;
        }
        return ranks;
    }
}
