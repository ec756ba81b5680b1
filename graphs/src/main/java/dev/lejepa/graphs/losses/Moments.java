package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;

/// Distances of the first moments from those of the normal law: `|mean x| + sum_k exp(-k) |mean x^k - m_k|` for
/// `k = 2 .. k_max`, with `m_k = 0` for odd and `(k - 1)!!` for even `k`.
///
/// At least 0, and 0 under the null law in the limit, where it has a kink. Costs `O(N k_max)`.
///
/// @param kMax the last moment, at least 1
public record Moments(int kMax) implements UnivariateTest {
    public Moments {
        if (kMax < 1) {
            throw new IllegalArgumentException(Text.format("k_max is %d, must be at least 1", kMax));
        }
    }

    /// Four moments.
    public Moments() {
        this(4);
    }

    @Override
    public Value perColumn(Value samples) {
        var sum = samples.mean(false, -2).abs();
        var power = samples;
        var expected = 1.0; // (k - 1)!! of the even k so far
        for (var k = 2; k <= kMax; k++) {
            power = power.mul(samples);
            expected *= k % 2 == 0 ? k - 1 : 1;
            var distance = power.mean(false, -2).add(k % 2 == 0 ? -expected : 0).abs();
            sum = sum.add(distance.mul(Math.exp(-k)));
        }
        return sum;
    }
}
