package dev.lejepa.trainer.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/// LiDAR: how many directions tell images apart once those are scaled down in which views of one image differ. Images
/// are classes, their views the members: the effective rank of `S_w^(-1/2) S_b S_w^(-1/2)`, with the between-class
/// covariance `S_b` of the images' means (divided by `n - 1`) and the within-class covariance `S_w` (divided by `n (q -
/// 1)`) plus 1e-4 on its diagonal. Thilak et al., https://arxiv.org/abs/2312.04000.
final class Lidar {
    private static final double DELTA = 1e-4;

    private Lidar() {}

    /// From 1 to the smaller of columns and images less one; 0 where all images have the same mean.
    ///
    /// @param x row `n*q + v` is view `v` of image `n`; finite numbers
    /// @param views `q`, at least 2
    static double of(Features x, int views) {
        int images = x.rows() / views;
        double[][] means = means(x, views, images);
        double scale = 1 / Math.sqrt(images * (views - 1.0));
        // L = R^T has S_w = L L^T, and L^(-1) S_b L^(-T) the eigenvalues of S_w^(-1/2) S_b S_w^(-1/2)
        double[][] r = TriangularFactor.of(images * views, x.columns(), Math.sqrt(DELTA), (row, to) -> {
            double[] mean = means[row / views];
            for (int j = 0; j < to.length; j++) {
                to[j] = (x.at(row, j) - mean[j]) * scale;
            }
        });
        center(means);
        IntStream.range(0, images).parallel().forEach(n -> solve(r, means[n]));
        double[] values = SingularValues.of(means);
        double[] eigenvalues = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            eigenvalues[i] = values[i] * values[i];
        }
        return SingularValues.effectiveRank(eigenvalues, x.columns());
    }

    private static double[][] means(Features x, int views, int images) {
        double[][] means = new double[images][x.columns()];
        for (int row = 0; row < images * views; row++) {
            double[] mean = means[row / views];
            for (int j = 0; j < mean.length; j++) {
                mean[j] += x.at(row, j) / (double) views;
            }
        }
        return means;
    }

    /// Takes the mean of all off; a common factor would not change the rank.
    private static void center(double[][] means) {
        double[] mean = new double[means[0].length];
        for (double[] row : means) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / means.length;
            }
        }
        double before = 0;
        double after = 0;
        for (double[] row : means) {
            for (int j = 0; j < mean.length; j++) {
                before += row[j] * row[j];
                row[j] -= mean[j];
                after += row[j] * row[j];
            }
        }
        if (Math.sqrt(after) <= Spread.ROUNDING * Math.sqrt(before)) {
            for (double[] row : means) {
                Arrays.fill(row, 0);
            }
        }
    }

    /// Overwrites a row `b` with the `y` of `y R = b`.
    private static void solve(double[][] r, double[] b) {
        for (int i = 0; i < b.length; i++) {
            double[] line = r[i];
            double y = b[i] / line[i];
            b[i] = y;
            for (int j = i + 1; j < b.length; j++) {
                b[j] -= y * line[j];
            }
        }
    }
}
