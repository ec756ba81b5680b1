package dev.lejepa.trainer.eval;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/// Eigenvalues and eigenvectors of a symmetric matrix, largest first; of equal ones in the order in which they were
/// found.
final class SymmetricEigen {
    private final EigenDecomposition_F64<DMatrixRMaj> found;
    private final int[] order;

    private SymmetricEigen(EigenDecomposition_F64<DMatrixRMaj> found, int[] order) {
        this.found = found;
        this.order = order;
    }

    /// @param symmetric finite numbers; may be changed
    static SymmetricEigen of(DMatrixRMaj symmetric) {
        var n = symmetric.numCols;
        var found = DecompositionFactory_DDRM.eig(n, true, true);
        if (!found.decompose(symmetric)) {
            throw new ArithmeticException(
                    "eigenvectors did not converge; features may hold numbers that are not finite");
        }
        var order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -found.getEigenvalue(i).getReal()))
                .mapToInt(Integer::intValue)
                .toArray();
        return new SymmetricEigen(found, order);
    }

    /// The eigenvalue at a place, from 0.
    double value(int place) {
        return found.getEigenvalue(order[place]).getReal();
    }

    /// Its eigenvector, of length 1.
    double[] vector(int place) {
        return found.getEigenVector(order[place]).getData();
    }

    /// How many eigenvalues are more than a fraction of the largest; none where that is 0.
    int above(double fraction) {
        return (int) IntStream.range(0, order.length)
                .takeWhile(place -> value(place) > fraction * value(0))
                .count();
    }
}
