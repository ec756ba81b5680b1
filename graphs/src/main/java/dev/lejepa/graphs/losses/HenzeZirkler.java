package dev.lejepa.graphs.losses;

/// Henze and Zirkler's statistic (Communications in Statistics 19 (1990)): [Bhep] with
/// `b = ((2K + 1) N / 4)^(1 / (K + 4)) / sqrt 2`, which grows with `N`.
///
/// At least 0. Samples are not standardized, as `N(0, I)` itself is the null law. Costs `O(N^2 K)`.
///
/// @param form [Form#LEJEPA] lacks the factor `N`
public record HenzeZirkler(Form form) implements PairwiseTest {
    public HenzeZirkler() {
        this(Form.STANDARD);
    }

    @Override
    public PairFormula formula(long n, long k) {
        return new Bhep(beta(n, k), form).formula(n, k);
    }

    /// `b` for `N` samples of width `K`.
    public static double beta(long n, long k) {
        return Math.pow((2 * k + 1) * n / 4.0, 1.0 / (k + 4)) / Math.sqrt(2);
    }
}
