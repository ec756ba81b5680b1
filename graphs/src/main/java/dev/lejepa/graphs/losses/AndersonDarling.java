package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Anderson and Darling's `A^2` for the standard normal law (Annals of Mathematical Statistics 23 (1952)):
/// `A^2 = -N - (1/N) sum_i (2i - 1) [log Phi(x_(i)) + log Phi(-x_(N+1-i))]`, with `x_(i)` the values in ascending order.
///
/// At least 0; its mean under the null law is 1 for every `N`. It grows like `N` for any other law, most in the tails.
/// Costs a sort, `O(N)` beside it.
///
/// @param form [Form#LEJEPA] has another `log Phi` beyond 3
public record AndersonDarling(Form form) implements UnivariateTest {
    public AndersonDarling() {
        this(Form.STANDARD);
    }

    /// `sum_i [-2 u_i log Phi(x_(i)) - 2 (1 - u_i) log Phi(-x_(i)) - 1]` with `u_i = (2i - 1) / (2N)`. What the terms
    /// are for `Phi(x_(i)) = u_i` is taken out of the sum and added as a number, so that float32 does not lose the
    /// statistic in `N`.
    @Override
    public Value perColumn(Value samples) {
        var n = samples.dim(-2);
        var sorted = samples.sort();
        var g = samples.graph();
        var u = Columns.constant(g, n, i -> rank(i, n));
        var logU = Columns.constant(g, n, i -> Math.log(rank(i, n)));
        var other = Columns.constant(g, n, i -> 1 - rank(i, n));
        var logOther = Columns.constant(g, n, i -> Math.log(1 - rank(i, n)));
        var lower = LogNormalCdf.of(sorted, form).sub(logU).mul(u);
        var upper = LogNormalCdf.of(sorted.neg(), form).sub(logOther).mul(other);
        return lower.add(upper).mean(false, -2).mul(-2.0 * n).add(constant(n));
    }

    private static double rank(int i, long n) {
        return (2.0 * i + 1) / (2 * n);
    }

    private static double constant(long n) {
        var sum = 0.0;
        for (var i = 0; i < n; i++) {
            var u = rank(i, n);
            sum += -2 * u * Math.log(u) - 2 * (1 - u) * Math.log(1 - u) - 1;
        }
        return sum;
    }
}
