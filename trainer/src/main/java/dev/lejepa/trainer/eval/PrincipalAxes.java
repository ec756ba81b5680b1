package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.BadInputException;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/// The directions in which rows differ most: eigenvectors of their covariance, largest eigenvalue first. Each points to
/// where its largest component is positive, so that equal rows have equal axes.
///
/// @param mean of the rows, `[columns]`
/// @param axes `[count][columns]`, of length 1
public record PrincipalAxes(double[] mean, double[][] axes) {
    /// Rows that a covariance is of at most, evenly spread: more change nothing that is seen.
    private static final int MOST_ROWS = 20_000;

    /// @param count axes; those beyond the rows' columns are zero
    /// @throws BadInputException if rows are not finite
    public static PrincipalAxes of(Features rows, int count) {
        var columns = rows.columns();
        var taken = Math.min(rows.rows(), MOST_ROWS);
        var centered = new DMatrixRMaj(taken, columns);
        var mean = new double[columns];
        for (var i = 0; i < taken; i++) {
            var row = (int) ((long) i * rows.rows() / taken);
            for (var j = 0; j < columns; j++) {
                centered.set(i, j, rows.at(row, j));
                mean[j] += rows.at(row, j) / (double) taken;
            }
        }
        for (var i = 0; i < taken; i++) {
            for (var j = 0; j < columns; j++) {
                centered.add(i, j, -mean[j]);
            }
        }
        if (!Arrays.stream(mean).allMatch(Double::isFinite)) {
            throw new BadInputException("features are not finite numbers, so they have no principal components");
        }
        var covariance = new DMatrixRMaj(columns, columns);
        CommonOps_DDRM.multInner(centered, covariance);
        return new PrincipalAxes(mean, largest(covariance, count));
    }

    private static double[][] largest(DMatrixRMaj covariance, int count) {
        var columns = covariance.numCols;
        var eigen = SymmetricEigen.of(covariance);
        var axes = new double[count][columns];
        for (var k = 0; k < Math.min(count, columns); k++) {
            axes[k] = pointed(eigen.vector(k));
        }
        return axes;
    }

    private static double[] pointed(double[] axis) {
        var largest = 0;
        for (var j = 1; j < axis.length; j++) {
            largest = Math.abs(axis[j]) > Math.abs(axis[largest]) ? j : largest;
        }
        var sign = Math.signum(axis[largest]);
        return Arrays.stream(axis).map(x -> x * sign).toArray();
    }

    /// Where all rows lie along each axis, `[count][rows]`.
    public double[][] project(Features rows) {
        var along = new double[axes.length][rows.rows()];
        for (var row = 0; row < rows.rows(); row++) {
            var place = project(rows.values(), row * rows.columns());
            for (var k = 0; k < place.length; k++) {
                along[k][row] = place[k];
            }
        }
        return along;
    }

    /// Where a row lies along each axis.
    ///
    /// @param values in which the row begins at `from`
    public double[] project(float[] values, int from) {
        var along = new double[axes.length];
        for (var k = 0; k < axes.length; k++) {
            for (var j = 0; j < mean.length; j++) {
                along[k] += (values[from + j] - mean[j]) * axes[k][j];
            }
        }
        return along;
    }
}
