package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import java.util.Optional;
import java.util.OptionalDouble;

/// A univariate test of the projections onto random directions (SIGReg; arXiv:2511.08544, section 4): by Cramér and
/// Wold's theorem a law is `N(0, I)` if and only if all its one-dimensional projections are standard normal.
///
///     new SlicedTest(new EppsPulley(17), 1024)
///
/// @param test of each projection
/// @param slices random directions `S`
/// @param reduction of the statistics of the directions to one
/// @param clip statistics below count as zero, and have no gradient
public record SlicedTest(UnivariateTest test, int slices, Reduction reduction, OptionalDouble clip)
        implements MultivariateTest {
    /// What becomes of the directions' statistics.
    public enum Reduction {
        MEAN,
        SUM
    }

    public SlicedTest {
        if (slices < 1) {
            throw new IllegalArgumentException(Text.format("slices is %d, must be at least 1", slices));
        }
        clip.ifPresent(c -> {
            if (!(c >= 0)) {
                throw new IllegalArgumentException(Text.format("clip is %s, must not be negative", c));
            }
        });
    }

    /// The mean over slices, nothing clipped.
    public SlicedTest(UnivariateTest test, int slices) {
        this(test, slices, Reduction.MEAN, OptionalDouble.empty());
    }

    /// Columns of `directions` scaled to unit length.
    ///
    /// @param directions standard normal, `[K, S]`
    public static Value normalize(Value directions) {
        return directions.div(directions.square().sum(true, 0).sqrt());
    }

    /// The statistic of each direction.
    ///
    /// @param samples `[V, N, K]`; the `N` rows of each view are one sample
    /// @param directions `[K, S]`, of any length but zero
    /// @return `[V, S]`
    public Value perSlice(Value samples, Value directions) {
        var v = samples.dim(0);
        var n = samples.dim(1);
        var rows = samples.reshape(v * n, samples.dim(2));
        var p = rows.gemm(normalize(directions), false, false).reshape(v, n, directions.dim(1)); // [V, N, S]
        var each = test.statistic(p);
        return clip.isPresent() ? clipped(each, clip.getAsDouble()) : each;
    }

    /// Values below a limit become zeros without a gradient; what equals it stays.
    private static Value clipped(Value each, double limit) {
        var below = each.neg().add(limit).sign().relu(); // 1 below the limit, else 0
        return each.mul(below.neg().add(1).stopGradient());
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        var each = perSlice(
                samples, directions.orElseThrow(() -> new IllegalArgumentException("a sliced test needs directions")));
        return switch (reduction) {
            case MEAN -> each.mean(false, 1);
            case SUM -> each.sum(false, 1);
        };
    }

    @Override
    public int leastSamples() {
        return test.leastSamples();
    }

    @Override
    public String name() {
        return test.name();
    }
}
