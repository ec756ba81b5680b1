package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// Henze, Jiménez-Gamero and Meintanis' statistic of a combination of characteristic and moment generating functions
/// (Journal of Multivariate Analysis 173 (2019)):
/// `sqrt(N) ( mean_ij exp((|x_i|^2 - |x_j|^2) / (4g)) cos(<x_i, x_j> / (2g)) - 1 )`.
///
/// Tends to a normal law with mean 0 under the null law; both signs tell of departures. The exponential overflows
/// float32
/// where two squared lengths differ by more than `350 g`. Costs `O(N^2 K)`.
///
/// @param gamma `g`, width of the weight
public record Comb(double gamma) implements MultivariateTest {
    public Comb {
        if (!(gamma > 0)) {
            throw new IllegalArgumentException("gamma is %s, must be positive".formatted(gamma));
        }
    }

    @Override
    public Value statistic(Value samples, Optional<Value> directions) {
        var pairs = Pairs.of(samples);
        var growth = pairs.rows().sub(pairs.columns()).mul(1 / (4 * gamma)).exp();
        var wave = pairs.products().mul(1 / (2 * gamma)).cos();
        return Pairs.mean(growth.mul(wave).add(-1)).mul(Math.sqrt(samples.dim(1)));
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
        return "comb";
    }
}
