package dev.lejepa.graphs.interpret;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Sorting of columns.
final class Order {
    private Order() {}

    /// `x [..., N, S]` to the sorted columns and the permutation that sorts; equal values stay in their order.
    static List<NdArray> sort(NdArray x) {
        var sorted = NdArray.zeros(x.shape());
        var permutation = NdArray.zeros(x.shape());
        var n = x.dim(-2);
        var s = x.dim(-1);
        for (var start = 0; start < x.size(); start += start % s == s - 1 ? (n - 1) * s + 1 : 1) {
            var first = start;
            var order = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> x.get(first + i * s)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (var i = 0; i < n; i++) {
                sorted.data()[first + i * s] = x.get(first + order[i] * s);
                permutation.data()[first + i * s] = order[i];
            }
        }
        return List.of(sorted, permutation);
    }

    /// `(dsorted, permutation)` to every value in its row.
    static NdArray unsort(NdArray sorted, NdArray permutation) {
        var x = NdArray.zeros(sorted.shape());
        var n = sorted.dim(-2);
        var s = sorted.dim(-1);
        for (var i = 0; i < x.size(); i++) {
            var group = i / (n * s);
            x.data()[(int) ((group * n + permutation.get(i)) * s + i % s)] = sorted.get(i);
        }
        return x;
    }
}
