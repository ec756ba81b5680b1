package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/// Formulas over columns `[..., N, S]`.
final class Columns {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private Columns() {}

    /// The numbers `f(0), f(1), ...` as a column `[length, 1]`.
    static Value constant(Graph g, long length, IntToDoubleFunction f) {
        var data = new double[Math.toIntExact(length)];
        Arrays.setAll(data, f);
        return g.constant(Tensor.of(Shape.of(length, 1), data));
    }

    /// The mean of each column, `[..., 1, S]`.
    static Value mean(Value x) {
        return x.mean(true, -2);
    }

    /// `N / (N - 1)` times the mean square of centered columns, `[..., 1, S]`.
    static Value variance(Value centered) {
        var n = centered.dim(-2);
        return mean(centered.square()).mul((double) n / (n - 1));
    }

    /// The standard normal distribution function.
    static Value cdf(Value x) {
        return x.mul(SQRT_HALF).erf().mul(0.5).add(0.5);
    }

    /// `[..., 1, S]` without its axis of length 1.
    static Value flat(Value x) {
        return x.sum(false, -2);
    }

    /// The larger of a value and a number; at the number itself no gradient passes.
    static Value atLeast(Value x, double least) {
        return x.add(-least).relu().add(least);
    }
}
