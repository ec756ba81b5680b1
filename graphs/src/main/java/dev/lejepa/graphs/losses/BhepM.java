package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// Henze and Jiménez-Gamero's statistic (TEST 28 (2019)), [Bhep]'s with moment generating functions:
/// `b^(-K/2) (1/N) sum_ij exp(|x_i + x_j|^2 / (4b)) - 2 (b - 1/2)^(-K/2) sum_i exp(|x_i|^2 / (4b - 2)) + N (b -
/// 1)^(-K/2)`.
///
/// At least 0. The exponentials overflow float32 for vectors with `|x|^2 > 88 b`. Costs `O(N^2 K)`.
///
/// @param beta `b`, greater than 1
/// @param form [Form#LEJEPA] lacks the last term
public record BhepM(double beta, Form form) implements MultivariateTest {
    public BhepM {
        if (!(beta > 1)) {
            throw new IllegalArgumentException("beta is %s, must be greater than 1".formatted(beta));
        }
    }

    public BhepM(double beta) {
        this(beta, Form.STANDARD);
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        var n = samples.dim(1);
        var k = samples.dim(2);
        var pairs = Pairs.of(samples);
        var both = Pairs.mean(pairs.squaredSums().mul(1 / (4 * beta)).exp()).mul(n * Math.pow(beta, -k / 2.0));
        var one = pairs.rows().mul(1 / (4 * beta - 2)).exp().sum(false, 1, 2).mul(2 * Math.pow(beta - 0.5, -k / 2.0));
        var distance = both.sub(one);
        return form == Form.STANDARD ? distance.add(n * Math.pow(beta - 1, -k / 2.0)) : distance;
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
        return "bhep_m";
    }
}
