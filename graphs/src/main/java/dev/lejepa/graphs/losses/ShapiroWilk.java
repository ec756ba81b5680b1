package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.normal.NormalLaw;
import dev.lejepa.graphs.normal.NormalQuantile;
import java.util.Arrays;

/// `1 - W`, with Shapiro and Wilk's `W` (Biometrika 52 (1965)): the squared correlation of the ordered values with what
/// ordered normal values are expected to be.
///
/// Between 0 and 1. It does not depend on mean and variance, so as a regularizer it needs another test beside it. Costs
/// a sort, `O(N)` beside it.
///
/// @param expectation plotting positions, whose normal quantiles stand for the expected values
/// @param covariance what weights are made of them
/// @param form [Form#LEJEPA] is one minus the absolute cosine of values that are not centered, so that it sees a shift,
///     and has other positions of Elfving's
public record ShapiroWilk(Expectation expectation, Covariance covariance, Form form) implements UnivariateTest {
    /// Norms below count as this.
    private static final double LEAST_NORM = 1e-5;

    /// The probability that stands for rank `i` of `N`.
    public enum Expectation {
        /// `(i - pi/8) / (N + 1 - pi/4)`
        ELFVING,
        /// `(i - 3/8) / (N + 1/4)` (Blom 1958)
        BLOM,
        /// `i / (N + 1)` (Rahman & Govindarajulu 1997)
        RAHMAN
    }

    /// How the covariance of ordered values enters the weights.
    public enum Covariance {
        /// Not at all (Shapiro & Francia 1972).
        SHAPIRO_FRANCIA,
        /// By the inverse of its tridiagonal approximation (Rahman & Govindarajulu, Journal of Applied Statistics 24
        /// (1997)).
        RAHMAN
    }

    public ShapiroWilk() {
        this(Expectation.ELFVING, Covariance.SHAPIRO_FRANCIA, Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var n = samples.dim(-2);
        var a = weights(Math.toIntExact(n));
        var weights = Columns.constant(samples.graph(), n, i -> a[i]);
        var values = form == Form.STANDARD ? samples.sub(Columns.mean(samples)).sort() : samples.sort();
        var product = values.mul(weights).sum(false, -2);
        var squares = values.square().sum(false, -2);
        return switch (form) {
            case STANDARD ->
                product.square()
                        .div(Columns.atLeast(squares, LEAST_NORM * LEAST_NORM))
                        .neg()
                        .add(1);
            case LEJEPA ->
                product.div(Columns.atLeast(squares.sqrt(), LEAST_NORM))
                        .abs()
                        .neg()
                        .add(1);
        };
    }

    /// Weights of unit length.
    private double[] weights(int n) {
        var m = new double[n];
        Arrays.setAll(m, i -> NormalQuantile.quantile(position(i + 1, n)));
        var a = covariance == Covariance.RAHMAN ? tridiagonal(m) : m;
        var norm = Math.sqrt(Arrays.stream(a).map(x -> x * x).sum());
        return Arrays.stream(a).map(x -> x / norm).toArray();
    }

    private double position(int i, int n) {
        return switch (expectation) {
            case ELFVING -> (i - Math.PI / 8) / (form == Form.STANDARD ? n + 1 - Math.PI / 4 : n + 0.25);
            case BLOM -> (i - 0.375) / (n + 0.25);
            case RAHMAN -> i / (n + 1.0);
        };
    }

    private static double[] tridiagonal(double[] m) {
        var a = new double[m.length];
        Arrays.setAll(a, i -> {
            var before = i > 0 ? NormalLaw.density(m[i - 1]) * m[i - 1] : 0;
            var after = i < m.length - 1 ? NormalLaw.density(m[i + 1]) * m[i + 1] : 0;
            return NormalLaw.density(m[i]) * (2 * NormalLaw.density(m[i]) * m[i] - before - after);
        });
        return a;
    }

    @Override
    public int leastSamples() {
        return 3;
    }
}
