package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.PairFormula.Term;

/// Baringhaus, Henze, Epps and Pulley's statistic (Metrika 35 (1988)): the weighted squared distance of the empirical
/// characteristic function from that of `N(0, I)`,
/// `N [ mean_ij exp(-b^2 |x_i - x_j|^2 / 2) - 2 (1 + b^2)^(-K/2) mean_i exp(-b^2 |x_i|^2 / (2 (1 + b^2))) + (1 + 2
/// b^2)^(-K/2) ]`.
///
/// At least 0; of order 1 under the null law, where its mean is `1 - (1 + 2 b^2)^(-K/2)`. Samples are not standardized.
/// Costs `O(N^2 K)`.
///
/// @param beta `b`, inverse width of the weight
/// @param form [Form#LEJEPA] lacks the factor `N`
public record Bhep(double beta, Form form) implements PairwiseTest {
    public Bhep {
        if (!(beta > 0)) {
            throw new IllegalArgumentException(Text.format("beta is %s, must be positive", beta));
        }
    }

    public Bhep(double beta) {
        this(beta, Form.STANDARD);
    }

    @Override
    public PairFormula formula(long n, long k) {
        var b2 = beta * beta;
        return new PairFormula(
                form == Form.STANDARD ? n : 1,
                new Term<>(1, p -> p.squaredDistances().mul(-b2 / 2).exp()),
                new Term<>(
                        -2 * Math.pow(1 + b2, -k / 2.0),
                        r -> r.mul(-b2 / (2 + 2 * b2)).exp()),
                true,
                Math.pow(1 + 2 * b2, -k / 2.0));
    }
}
