package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.PairFormula.Term;
import java.util.Optional;

/// Henze, Jiménez-Gamero and Meintanis' product of the empirical characteristic and moment generating functions, which
/// is 1 for `N(0, I)` (Econometric Theory 35 (2019)), minus 1, averaged over directions with a normal weight:
/// `sqrt(N) ( mean_ij exp((|x_i|^2 - |x_j|^2) / (4g)) cos(<x_i, x_j> / (2g)) - 1 )`.
///
/// Of either sign, not bounded; its mean under the null law is `(Re (1 - i/g)^(-K/2) - 1) / sqrt(N)`. Samples too wide
/// make it negative, so as a regularizer its square is taken, which other laws than the normal one may bring to 0 too.
/// The exponential overflows float32 where two squared lengths differ by more than `350 g`. Costs `O(N^2 K)`.
///
/// @param gamma `g`, width of the weight
public record Comb(double gamma) implements PairwiseTest {
    public Comb {
        if (!(gamma > 0)) {
            throw new IllegalArgumentException(Text.format("gamma is %s, must be positive", gamma));
        }
    }

    /// The 1 is subtracted from each term, as float32 would lose more of the mean.
    @Override
    public PairFormula formula(long n, long k) {
        return new PairFormula(Math.sqrt(n), new Term<>(1, p -> product(p).add(-1)), Term.none(), false, 0);
    }

    private Value product(Pairs pairs) {
        var growth = pairs.rows().sub(pairs.columns()).mul(1 / (4 * gamma)).exp();
        return growth.mul(pairs.products().mul(1 / (2 * gamma)).cos());
    }

    /// The square: the statistic alone would be made ever more negative by ever longer vectors.
    @Override
    public Value penalty(Value samples, Optional<Value> directions) {
        return statistic(samples, directions).square();
    }
}
