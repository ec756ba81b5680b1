package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;

/// SIGReg: the Epps-Pulley statistic of random one-dimensional projections (arXiv:2511.08544, section 4).
///
/// For knots `t_j = j t_max / (P - 1)`, per slice
/// `T = N sum_j w_j [(C_j - phi_j)^2 + S_j^2]`, with `C_j`, `S_j` the empirical means of `cos(t_j p)` and `sin(t_j p)`,
/// `phi_j = exp(-t_j^2 / 2)` and `w_j = phi_j` times the trapezoid weight on `[-t_max, t_max]`.
/// About 1.0525 for standard normal samples and the usual 17 knots up to 3, whatever `N`; `0.40205 N` if all are zero.
///
/// @param knots `P`, odd
/// @param tMax the last knot
public record SlicedEppsPulley(int knots, double tMax) {
    public SlicedEppsPulley {
        if (knots < 3 || knots % 2 == 0) {
            throw new IllegalArgumentException("knots must be odd and at least 3, found %d".formatted(knots));
        }
    }

    /// Columns of `directions` scaled to unit length.
    ///
    /// @param directions standard normal, `[K, S]`
    public static Value normalize(Value directions) {
        return directions.div(directions.square().sum(true, 0).sqrt());
    }

    /// The statistic of each slice.
    ///
    /// @param projections `z`, `[V, N, K]`; the `N` rows of each view are one sample
    /// @param unit directions of unit length, `[K, S]`
    /// @return `[V, S]`
    public Value statistic(Value projections, Value unit) {
        var v = projections.dim(0);
        var n = projections.dim(1);
        var slices = unit.dim(1);
        var p = projections
                .reshape(v * n, projections.dim(2))
                .gemm(unit, false, false)
                .reshape(v, n, slices); // [V, N, S]
        return perColumn(p);
    }

    /// The statistic of each column against the standard normal law.
    ///
    /// @param samples `[..., N, S]`
    /// @return `[..., S]`
    public Value perColumn(Value samples) {
        var n = samples.dim(-2);
        var g = samples.graph();
        var ecf = g.apply(new Op.Ecf(knots, tMax / (knots - 1)), samples); // [..., P, S] twice
        var deviation = ecf.get(0).sub(g.constant(column(this::phi)));
        var error = deviation.square().add(ecf.get(1).square());
        return error.mul(g.constant(column(j -> n * weight(j)))).sum(false, -2);
    }

    /// The mean statistic over views and slices.
    public Value loss(Value projections, Value directions) {
        return statistic(projections, normalize(directions)).mean();
    }

    /// Knot `j`.
    public double knot(int j) {
        return tMax * j / (knots - 1);
    }

    /// `exp(-t_j^2 / 2)`, the characteristic function of the standard normal law.
    public double phi(int j) {
        return Math.exp(-knot(j) * knot(j) / 2);
    }

    /// `w_j`: `phi_j` times `2 dt`, or `dt` at both ends.
    public double weight(int j) {
        var dt = tMax / (knots - 1);
        return phi(j) * (j == 0 || j == knots - 1 ? dt : 2 * dt);
    }

    private Tensor column(java.util.function.IntToDoubleFunction f) {
        var data = new double[knots];
        Arrays.setAll(data, f);
        return Tensor.of(Shape.of(knots, 1), data);
    }
}
