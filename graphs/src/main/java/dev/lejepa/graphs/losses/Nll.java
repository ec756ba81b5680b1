package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.OptionalInt;

/// The negative log density of ordered values: for rank `r` of `N`,
/// `l = -log [ N! / ((r-1)! (N-r)!) Phi(x)^(r-1) Phi(-x)^(N-r) phi(x) ]` at `x = x_(r)`, averaged over the column.
///
/// Not bounded from below for all samples; smallest where values lie at the modes of their ranks. Costs a sort, `O(N)`
/// beside it.
///
/// @param alpha if less than 1/2: values between the `alpha` and `1 - alpha` quantiles of their rank's law count as zero
/// @param k rank that is taken for every value; empty: its own
/// @param form [Form#LEJEPA] has another `log Phi` beyond 3 and quantiles one cell of a grid off
public record Nll(double alpha, OptionalInt k, Form form) implements UnivariateTest {
    private static final double LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

    public Nll {
        if (!(alpha > 0 && alpha <= 0.5)) {
            throw new IllegalArgumentException(Text.format("alpha is %s, must be above 0 and at most 0.5", alpha));
        }
        k.ifPresent(rank -> {
            if (rank < 1) {
                throw new IllegalArgumentException(Text.format("k is %d, must be at least 1", rank));
            }
        });
    }

    public Nll() {
        this(0.5, OptionalInt.empty(), Form.STANDARD);
    }

    @Override
    public Value perColumn(Value samples) {
        var ordered = k.isPresent() ? samples : samples.sort();
        return density(ordered).mul(outside(ordered)).mean(false, -2);
    }

    /// The losses of single values as the authors' code gives them: `[..., N, S]`, undefined for those that are not
    /// counted, and, where every value has its own rank, in the order of the permutation that sorts instead of the
    /// values' own.
    public Value perValue(Value samples) {
        if (k.isPresent()) {
            return density(samples).div(outside(samples)).mul(outside(samples));
        }
        var sorted = samples.graph().apply(new Statistic.Sort(), samples);
        var outside = outside(sorted.get(0));
        // x / 0 * 0 is no number
        var each = density(sorted.get(0)).div(outside).mul(outside);
        var permutation = sorted.get(1);
        var inverse = permutation
                .graph()
                .apply(new Statistic.Sort(), permutation.cast(each.type().dtype()))
                .get(1);
        return each.graph().apply(new Statistic.Unsort(), each, inverse).getFirst();
    }

    /// The sum of what is counted, whose gradient is that of the sum of all finite losses.
    public Value sum(Value samples) {
        return perColumn(samples).mul((double) samples.dim(-2));
    }

    /// The quantiles between which values do not count, for each rank of `n`, or for the one: lower ones, then upper
    /// ones.
    public double[][] cutOffs(int n) {
        var ranks = new Ranks(n, k);
        var cutOffs = new CutOffs(ranks, alpha, form);
        var all = new double[2][ranks.count()];
        Arrays.setAll(all[0], cutOffs::low);
        Arrays.setAll(all[1], cutOffs::high);
        return all;
    }

    /// `l` of each value in its rank. What it is for `Phi(x_(r)) = p_r` with `p_r = (r - 1/2) / N` is taken out and
    /// added as a number, so that float32 does not lose it in `N log N`.
    private Value density(Value ordered) {
        var n = Math.toIntExact(ordered.dim(-2));
        var g = ordered.graph();
        var binomial = new Ranks(n, k);
        var below = Columns.constant(g, n, i -> binomial.rank(i) - 1);
        var above = Columns.constant(g, n, i -> n - binomial.rank(i));
        var logBelow = Columns.constant(g, n, i -> Math.log(binomial.position(i)));
        var logAbove = Columns.constant(g, n, i -> Math.log(1 - binomial.position(i)));
        var rest = Columns.constant(g, n, i -> binomial.logDensity(i) - LOG_SQRT_2PI);
        var lower = LogNormalCdf.of(ordered, form).sub(logBelow).mul(below);
        var upper = LogNormalCdf.of(ordered.neg(), form).sub(logAbove).mul(above);
        return lower.add(upper).add(rest).sub(ordered.square().mul(0.5)).neg();
    }

    /// 1 for values that are counted, else 0.
    private Value outside(Value ordered) {
        var g = ordered.graph();
        if (alpha == 0.5) {
            return g.scalar(1);
        }
        var n = Math.toIntExact(ordered.dim(-2));
        var cutOffs = new CutOffs(new Ranks(n, k), alpha, form);
        var low = Columns.constant(g, n, cutOffs::low);
        var high = Columns.constant(g, n, cutOffs::high);
        var inside = ordered.sub(low).sign().relu().mul(high.sub(ordered).sign().relu());
        return inside.neg().add(1).stopGradient();
    }

    @Override
    public int leastSamples() {
        return k.orElse(1);
    }
}
