package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

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
public record Bhep(double beta, Form form) implements MultivariateTest {
    public Bhep {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta is %s, must be positive".formatted(beta));
        }
    }

    public Bhep(double beta) {
        this(beta, Form.STANDARD);
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        return statistic(samples, beta, form);
    }

    static Value statistic(Value x, double beta, Form form) {
        var b2 = beta * beta;
        var k = x.dim(2);
        var pairs = Pairs.of(x);
        var both = Pairs.mean(pairs.squaredDistances().mul(-b2 / 2).exp());
        var one = pairs.rows().mul(-b2 / (2 + 2 * b2)).exp().mean(false, 1, 2);
        var distance = both.sub(one.mul(2 * Math.pow(1 + b2, -k / 2.0))).add(Math.pow(1 + 2 * b2, -k / 2.0));
        return form == Form.STANDARD ? distance.mul((double) x.dim(1)) : distance;
    }

    @Override
    public int slices() {
        return 0;
    }

    @Override
    public int leastSamples() {
        return 1;
    }

    @Override
    public String name() {
        return "bhep";
    }
}
