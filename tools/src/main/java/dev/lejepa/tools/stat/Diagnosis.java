package dev.lejepa.tools.stat;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.normal.NormalQuantile;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.npy.NpyType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// In what way a sample departs from `N(0, I)`, in words. Each kind of departure is told where chance would show as much
/// in about one of a thousand samples.
final class Diagnosis {
    private static final double CHANCE = 1e-3;

    /// Random bits of a row below which equal rows are no surprise.
    private static final int BITS = 48;

    private final NpyMatrix matrix;
    private final Moments moments;
    private final Dependence dependence;
    private final boolean repeats;
    private final double distinct;
    private final double root;
    private final double limit;
    private final List<String> found = new ArrayList<>();

    private Diagnosis(NpyMatrix matrix, long seed) {
        this.matrix = matrix;
        this.moments = Moments.of(matrix);
        this.dependence = Dependence.of(matrix, moments, seed);
        var bits = matrix.columns() * bits(matrix.type());
        this.repeats = moments.repeated() > 0 && bits >= BITS;
        // Rows that repeat others tell nothing new.
        this.distinct = repeats ? 1 - (double) moments.repeated() / matrix.rows() : 1;
        this.root = Math.sqrt(matrix.rows() * distinct);
        this.limit = limit(matrix.columns());
    }

    /// Random bits that a value has at most, as float32.
    private static long bits(NpyType type) {
        return switch (type) {
            case BOOL -> 1;
            case INT8, UINT8 -> 8;
            case FLOAT16 -> 10;
            case INT16, UINT16 -> 16;
            case INT32, UINT32, INT64, UINT64, FLOAT32, FLOAT64 -> 24;
        };
    }

    /// The departures, none if there are none.
    static List<String> of(NpyMatrix matrix, long seed) {
        var diagnosis = new Diagnosis(matrix, seed);
        diagnosis.mean();
        diagnosis.scale();
        diagnosis.skew();
        diagnosis.tails();
        diagnosis.correlation();
        diagnosis.rank();
        diagnosis.duplicates();
        return List.copyOf(diagnosis.found);
    }

    /// What the largest of `count` standard scores exceeds by chance alone in a thousandth of the cases, either way.
    private static double limit(double count) {
        return -NormalQuantile.quantile(CHANCE / 2 / Math.max(1, count));
    }

    private void mean() {
        var worst = largest(moments.mean(), Math::abs);
        var off = Math.abs(moments.mean()[worst]);
        if (off * root > limit * Math.max(1e-12, moments.deviation()[worst])) {
            tell(
                    "the mean is not zero (%.3g in column %d, %.3g in all)",
                    moments.mean()[worst], worst, norm(moments.mean()));
        }
    }

    private void scale() {
        var deviation = moments.deviation();
        var constant = Arrays.stream(deviation).filter(s -> s == 0).count();
        if (constant > 0) {
            tell("%d of %d columns are constant", constant, deviation.length);
        }
        var worst = largest(deviation, s -> Math.abs(s * s - 1));
        var v = deviation[worst] * deviation[worst];
        // The variance of v is that of squares, which heavy tails make larger.
        var spread = Math.sqrt(Math.max(2, moments.kurtosis()[worst] - 1));
        if (Math.abs(v - 1) * root > 1.2 * limit * spread * Math.min(1, Math.max(v, 0.1))) {
            var sorted = deviation.clone();
            Arrays.sort(sorted);
            tell("the scale is not one (standard deviations from %.3g to %.3g)", sorted[0], sorted[sorted.length - 1]);
        }
    }

    /// The skewness of samples of a symmetric law has the variance `(m_6 - 6 m_4 + 9) / N`, which heavy tails make
    /// larger than that of normal samples.
    private void skew() {
        var scores = new double[moments.skewness().length];
        Arrays.setAll(
                scores,
                j -> moments.skewness()[j]
                        / Math.sqrt(Math.max(6, moments.sixth()[j] - 6 * moments.kurtosis()[j] + 9)));
        var worst = largest(scores, Math::abs);
        var g = moments.skewness()[worst];
        if (Math.abs(scores[worst]) * root > 1.2 * limit) {
            tell("values are skewed to the %s (skewness %.3g in column %d)", g > 0 ? "right" : "left", g, worst);
        }
    }

    /// The kurtosis of normal samples is skewed itself, so a large one takes more to be told.
    private void tails() {
        var excess = Arrays.stream(moments.kurtosis()).map(k -> k - 3).toArray();
        var worst = largest(excess, Math::abs);
        var mean = Arrays.stream(excess).average().orElse(0);
        var scores = Math.sqrt(24);
        var sharp = excess[worst] * root / scores;
        var all = mean * root * Math.sqrt(excess.length) / scores;
        if (sharp > 1.6 * limit || sharp < -limit || Math.abs(all) > 5 && dependence.excess(distinct) < 4) {
            var heavy = mean > 0;
            tell(
                    "tails are %s than normal ones (kurtosis %.3g on average, normal is 3)",
                    heavy ? "heavier" : "lighter", mean + 3);
        }
    }

    private void correlation() {
        var d = moments.mean().length;
        var score = Math.abs(dependence.correlation()) * Math.sqrt(dependence.rows() * distinct);
        if (d > 1 && (score > limit(d * (d - 1) / 2.0) || dependence.excess(distinct) > 5)) {
            tell(
                    "dimensions are correlated (%.2g between columns %d and %d)",
                    dependence.correlation(), dependence.first(), dependence.second());
        }
    }

    private void rank() {
        if (dependence.rank() < 0.9 * dependence.normalRank()) {
            tell(
                    "directions are not used alike (effective rank %.3g, where %.3g is normal)",
                    dependence.rank(), dependence.normalRank());
        }
    }

    private void duplicates() {
        if (repeats) {
            tell("%d of %d rows repeat another row", moments.repeated(), matrix.rows());
        }
    }

    @FormatMethod
    private void tell(@FormatString String format, Object... values) {
        found.add(Text.format(format, values));
    }

    private static int largest(double[] values, DoubleUnaryOperator size) {
        return IntStream.range(0, values.length)
                .boxed()
                .max((a, b) -> Double.compare(size.applyAsDouble(values[a]), size.applyAsDouble(values[b])))
                .orElse(0);
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }
}
