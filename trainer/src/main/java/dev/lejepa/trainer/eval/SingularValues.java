package dev.lejepa.trainer.eval;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// Singular values of matrices in double precision, and what is made of them.
final class SingularValues {
    /// What RankMe adds to each share; Garrido et al., https://arxiv.org/abs/2210.02885.
    private static final double EPSILON = 1e-7;

    private SingularValues() {}

    /// The singular values of a matrix, largest first, `min(rows, columns)` of them; NaN should they not converge.
    ///
    /// @param a finite numbers; not changed
    static double[] of(double[][] a) {
        if (a.length == 0) {
            return new double[0];
        }
        if (a.length > 2 * a[0].length) {
            int columns = a[0].length;
            return of(TriangularFactor.of(
                    a.length, columns, 0, (row, to) -> System.arraycopy(a[row], 0, to, 0, columns)));
        }
        var svd = DecompositionFactory_DDRM.svd(a.length, a[0].length, false, false, false);
        boolean converged = svd.decompose(new DMatrixRMaj(a));
        double[] values = Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
        if (!converged) {
            Arrays.fill(values, Double.NaN);
        }
        Arrays.sort(values);
        return reversed(values);
    }

    /// The exponential of the entropy of values as shares of their sum, each share raised by 1e-7: from 1, all in one,
    /// to their number, all alike; 0 where all are 0.
    ///
    /// @param values at least 0
    /// @param count values in all; those beyond the given ones are 0
    static double effectiveRank(double[] values, int count) {
        double sum = Arrays.stream(values).sum();
        if (sum == 0) {
            return 0;
        }
        double entropy = -(count - values.length) * EPSILON * Math.log(EPSILON);
        for (double value : values) {
            double p = value / sum + EPSILON;
            entropy -= p * Math.log(p);
        }
        return Math.exp(entropy);
    }

    private static double[] reversed(double[] values) {
        double[] turned = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i] = values[values.length - 1 - i];
        }
        return turned;
    }
}
