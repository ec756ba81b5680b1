package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// The LeJEPA objective on projections: a prediction loss plus SIGReg (arXiv:2511.08544).
///
/// @param dialect what the center is, what SIGReg's samples are and how the two add up
/// @param globalViews `G`: the first views, whose mean is the center where the dialect says so
/// @param lambda weight of SIGReg
/// @param test the statistic of the regularizer; Epps-Pulley on random slices is SIGReg
public record LeJepaLoss(Dialect dialect, int globalViews, double lambda, MultivariateTest test) {
    /// The three ways in which the method's authors wrote it down.
    public enum Dialect {
        /// Center: mean of the global views; SIGReg per view; `(1 - lambda) inv + lambda sigreg`.
        PAPER,
        /// Center: mean of all views; SIGReg per view; `(1 - lambda) inv + lambda sigreg` (MINIMAL.md).
        MINIMAL,
        /// Center: mean of the global views; SIGReg over all rows together; `inv + lambda sigreg` (stable-pretraining).
        POOLED
    }

    /// The loss and its two parts, all scalars.
    public record Parts(Value loss, Value invariance, Value sigreg) {}

    /// @param z projections `[V, N, K]`
    /// @param directions slice directions `[K, S]`, not normalized, if the test has slices
    public Parts apply(Value z, Optional<Value> directions) {
        var invariance = invariance(z);
        var samples = dialect == Dialect.POOLED ? z.reshape(1, z.dim(0) * z.dim(1), z.dim(2)) : z;
        var sigreg = test.penalty(samples, directions).mean();
        var kept = dialect == Dialect.POOLED ? invariance : invariance.mul(1 - lambda);
        return new Parts(kept.add(sigreg.mul(lambda)), invariance, sigreg);
    }

    /// The mean squared distance of all views from the center. The center is differentiated too.
    private Value invariance(Value z) {
        var centered = dialect == Dialect.MINIMAL ? z : z.slice(0, 0, globalViews);
        return centered.mean(true, 0).sub(z).square().mean();
    }

    /// Rows `n*V+v` as `[V, N, K]`.
    public static Value viewMajor(Value rows, int views) {
        return rows.reshape(rows.dim(0) / views, views, rows.dim(1)).transpose(1, 0, 2);
    }
}
