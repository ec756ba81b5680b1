package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.normal.NormalLaw;

/// `log Phi` as a test's form wants it.
public final class LogNormalCdf {
    /// Where the authors' code leaves the exact formula.
    private static final double LIMIT = 3;

    private LogNormalCdf() {}

    public static Value of(Value x, Form form) {
        return switch (form) {
            case STANDARD -> x.logNdtr();
            case LEJEPA -> approximate(x);
        };
    }

    /// Exact up to 3; beyond, `Phi(-x) = phi(x) / h(x)` with `h(x) = sqrt(0.656 x + 0.344 x^2 + 5.334)`. The
    /// approximation that this is meant to be has `h(x) = 0.656 x + 0.344 sqrt(x^2 + 5.334)`; so the lower tail comes
    /// out too likely, by 0.05 in the logarithm at -3.25 and 0.42 at -12.
    private static Value approximate(Value x) {
        var beyond = x.abs().add(-LIMIT).sign().relu().stopGradient(); // 1 in both tails
        var negative = x.sign().neg().relu().stopGradient();
        var inside = x.sub(x.mul(beyond)); // 0 in the tails, where its logarithm would be infinite
        var middle = Columns.cdf(inside).log();
        // 3 inside, where it only has to be finite
        var far = x.abs().mul(beyond).add(beyond.neg().add(1).mul(LIMIT));
        var root = far.mul(0.656).add(far.square().mul(0.344)).add(5.334).sqrt();
        var logDensity = far.square().mul(-0.5).add(-Math.log(2 * Math.PI) / 2);
        var lower = logDensity.sub(root.log());
        var upper = logDensity.exp().div(root).neg().add(1).log();
        var tails = lower.mul(negative).add(upper.mul(negative.neg().add(1)));
        return middle.mul(beyond.neg().add(1)).add(tails.mul(beyond));
    }

    /// `log Phi` of a number.
    static double at(double x, Form form) {
        if (form == Form.STANDARD || Math.abs(x) <= LIMIT) {
            return NormalLaw.logCdf(x);
        }
        var far = Math.abs(x);
        var root = Math.sqrt(0.656 * far + 0.344 * far * far + 5.334);
        var tail = -far * far / 2 - Math.log(2 * Math.PI) / 2 - Math.log(root);
        return x < 0 ? tail : Math.log1p(-Math.exp(tail));
    }
}
