package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.losses.PairFormula.Term;

/// Henze and Jiménez-Gamero's statistic (TEST 28 (2019)), [Bhep]'s with moment generating functions:
/// `b^(-K/2) (1/N) sum_ij exp(|x_i + x_j|^2 / (4b)) - 2 (b - 1/2)^(-K/2) sum_i exp(|x_i|^2 / (4b - 2)) + N (b -
/// 1)^(-K/2)`.
///
/// At least 0. The exponentials overflow float32 for vectors with `|x|^2 > 88 b`. Costs `O(N^2 K)`.
///
/// @param beta `b`, greater than 1
/// @param form [Form#LEJEPA] lacks the last term
public record BhepM(double beta, Form form) implements PairwiseTest {
    public BhepM {
        if (!(beta > 1)) {
            throw new IllegalArgumentException(Text.format("beta is %s, must be greater than 1", beta));
        }
    }

    public BhepM(double beta) {
        this(beta, Form.STANDARD);
    }

    @Override
    public PairFormula formula(long n, long k) {
        return new PairFormula(
                n,
                new Term<>(
                        Math.pow(beta, -k / 2.0),
                        p -> p.squaredSums().mul(1 / (4 * beta)).exp()),
                new Term<>(
                        -2 * Math.pow(beta - 0.5, -k / 2.0),
                        r -> r.mul(1 / (4 * beta - 2)).exp()),
                true,
                form == Form.STANDARD ? Math.pow(beta - 1, -k / 2.0) : 0);
    }
}
