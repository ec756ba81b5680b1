package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// Henze and Visagie's statistic (Annals of the Institute of Statistical Mathematics 72 (2020)), from a differential
/// equation of the moment generating function: with `P = |x_i + x_j|^2`,
/// `(1/N) sum_ij exp(P / (4g)) ( <x_i, x_j> - P / (2g) + K / (2g) + P / (4 g^2) )`.
///
/// At least 0, up to the factor `(pi / g)^(K/2)`, which is left out as it overflows for wide vectors. The exponential
/// overflows float32 for `|x|^2 > 88 g`. Costs `O(N^2 K)`.
///
/// @param gamma `g`, width of the weight
public record Hv(double gamma) implements MultivariateTest {
    public Hv {
        if (!(gamma > 0)) {
            throw new IllegalArgumentException("gamma is %s, must be positive".formatted(gamma));
        }
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        var pairs = Pairs.of(samples);
        var sums = pairs.squaredSums();
        var factor = 1 / (4 * gamma * gamma) - 1 / (2 * gamma);
        var inside = pairs.products().add(sums.mul(factor)).add(samples.dim(2) / (2 * gamma));
        return Pairs.mean(sums.mul(1 / (4 * gamma)).exp().mul(inside)).mul((double) samples.dim(1));
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
        return "hv";
    }
}
