package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.PairFormula.Term;

/// Henze and Visagie's statistic (Annals of the Institute of Statistical Mathematics 72 (2020)), from a differential
/// equation of the moment generating function: with `P = |x_i + x_j|^2`,
/// `(1/N) sum_ij exp(P / (4g)) ( <x_i, x_j> - P / (2g) + K / (2g) + P / (4 g^2) )`.
///
/// At least 0, up to the factor `(pi / g)^(K/2)`, which is left out as it overflows for wide vectors. The exponential
/// overflows float32 for `|x|^2 > 88 g`. Costs `O(N^2 K)`.
///
/// @param gamma `g`, width of the weight
public record Hv(double gamma) implements PairwiseTest {
    public Hv {
        if (!(gamma > 0)) {
            throw new IllegalArgumentException(Text.format("gamma is %s, must be positive", gamma));
        }
    }

    @Override
    public PairFormula formula(long n, long k) {
        return new PairFormula(n, new Term<>(1, p -> term(p, k)), Term.none(), true, 0);
    }

    private Value term(Pairs pairs, long k) {
        var sums = pairs.squaredSums();
        var factor = 1 / (4 * gamma * gamma) - 1 / (2 * gamma);
        var inside = pairs.products().add(sums.mul(factor)).add(k / (2 * gamma));
        return sums.mul(1 / (4 * gamma)).exp().mul(inside);
    }
}
