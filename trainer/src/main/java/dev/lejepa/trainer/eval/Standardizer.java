package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;

/// Shifts and scales each column to mean 0 and variance 1 on the rows it was made from (population variance, as
/// scikit-learn's StandardScaler). Columns that do not vary are only shifted.
public final class Standardizer {
    /// Below this fraction of the mean, a spread is rounding of single-precision values, not variation.
    private static final double ROUNDING = 1e-6;

    private final float[] mean;
    private final float[] scale;

    private Standardizer(float[] mean, float[] scale) {
        this.mean = mean;
        this.scale = scale;
    }

    /// @param x at least one row
    public static Standardizer of(Features x) {
        int columns = x.columns();
        double[] sum = new double[columns];
        double[] squares = new double[columns];
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < columns; j++) {
                sum[j] += x.at(r, j);
            }
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int j = 0; j < columns; j++) {
                double d = x.at(r, j) - sum[j] / x.rows();
                squares[j] += d * d;
            }
        }
        float[] mean = new float[columns];
        float[] scale = new float[columns];
        for (int j = 0; j < columns; j++) {
            double m = sum[j] / x.rows();
            double deviation = Math.sqrt(squares[j] / x.rows());
            mean[j] = (float) m;
            scale[j] = deviation <= ROUNDING * Math.abs(m) ? 1f : (float) (1 / deviation);
        }
        return new Standardizer(mean, scale);
    }

    /// A standardized copy.
    public Features apply(Features x) {
        if (x.columns() != mean.length) {
            throw new IllegalArgumentException(Text.format("%d columns, made for %d", x.columns(), mean.length));
        }
        float[] out = new float[x.values().length];
        for (int r = 0, i = 0; r < x.rows(); r++) {
            for (int j = 0; j < mean.length; j++, i++) {
                out[i] = (x.values()[i] - mean[j]) * scale[j];
            }
        }
        return new Features(out, x.rows(), x.columns());
    }
}
