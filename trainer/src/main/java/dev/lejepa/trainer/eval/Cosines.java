package dev.lejepa.trainer.eval;

import java.util.stream.IntStream;

/// The cosines of the angles between rows of a feature matrix and others, in double precision. A row of zeros has the
/// cosine 0 with all.
///
/// @param x rows as they come
/// @param scale by which each row gets the length 1
record Cosines(Features x, double[] scale) {
    static Cosines of(Features x) {
        return new Cosines(
                x,
                IntStream.range(0, x.rows())
                        .mapToDouble(row -> inverseLength(x, row))
                        .toArray());
    }

    private static double inverseLength(Features x, int row) {
        var squares = 0.0;
        for (var j = 0; j < x.columns(); j++) {
            squares += (double) x.at(row, j) * x.at(row, j);
        }
        return squares > 0 ? 1 / Math.sqrt(squares) : 0;
    }

    /// Of a row and one of another matrix.
    double at(int row, Cosines other, int otherRow) {
        var sum = 0.0;
        for (var j = 0; j < x.columns(); j++) {
            sum += (double) x.at(row, j) * other.x.at(otherRow, j);
        }
        return sum * scale[row] * other.scale[otherRow];
    }

    /// The mean of the rows at length 1.
    double[] mean() {
        var mean = new double[x.columns()];
        for (var row = 0; row < x.rows(); row++) {
            for (var j = 0; j < mean.length; j++) {
                mean[j] += x.at(row, j) * scale[row];
            }
        }
        for (var j = 0; j < mean.length; j++) {
            mean[j] /= x.rows();
        }
        return mean;
    }

    /// The rows at length 1, less `shift`.
    Features unit(double... shift) {
        var out = new float[x.values().length];
        for (var row = 0; row < x.rows(); row++) {
            for (var j = 0; j < x.columns(); j++) {
                out[row * x.columns() + j] = (float) (x.at(row, j) * scale[row] - shift[j]);
            }
        }
        return new Features(out, x.rows(), x.columns());
    }
}
