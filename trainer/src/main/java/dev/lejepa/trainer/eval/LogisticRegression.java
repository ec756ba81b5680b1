package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Multinomial logistic regression on standardized features, converged: minimizes `||W||^2 / 2 + C * sum of
/// cross-entropies`, the intercept not penalized. The objective of scikit-learn's `LogisticRegression(C=...)`, also for
/// two classes, where scikit-learn fits one weight vector, the difference of ours.
///
/// @param tolerance stops where no component of the gradient of the objective, divided by `C * rows`, is larger
/// @param maxIterations of L-BFGS
/// @param threads that share the work
public record LogisticRegression(double tolerance, int maxIterations, int threads) {

    /// Ten times tighter than scikit-learn's default tolerance, so that what remains is the objective's own answer.
    public static LogisticRegression converged(int threads) {
        return new LogisticRegression(1e-5, 2000, threads);
    }

    /// The outcome of a search over `C`.
    ///
    /// @param strength the `C` of the highest accuracy (the first of equal ones)
    /// @param top1 its accuracy
    /// @param all accuracy for each `C` tried, in the order given
    public record Best(double strength, double top1, List<Double> all) {}

    /// Fits one classifier.
    ///
    /// @param strength `C`, the inverse strength of the penalty
    public LinearClassifier fit(Features x, int[] labels, int classes, double strength) {
        Standardizer standardizer = Standardizer.of(x);
        double[] theta = new double[classes * (x.columns() + 1)];
        return fit(standardizer, standardizer.apply(x), labels, classes, strength, theta);
    }

    /// Fits for each `C` and tells which classifies the test rows best. The best of several on the test rows themselves
    /// is a slightly flattering number: use it to compare with numbers made the same way.
    public Best best(List<Double> strengths, Features x, int[] labels, Features test, int[] testLabels, int classes) {
        Standardizer standardizer = Standardizer.of(x);
        Features scaled = standardizer.apply(x);
        double[] theta = new double[classes * (x.columns() + 1)];
        List<Double> all = strengths.stream()
                .map(c -> fit(standardizer, scaled, labels, classes, c, theta).top1(test, testLabels))
                .toList();
        int best = IntStream.range(0, all.size())
                .reduce((a, b) -> all.get(b) > all.get(a) ? b : a)
                .orElseThrow(() -> new IllegalArgumentException("no C to try"));
        return new Best(strengths.get(best), all.get(best), all);
    }

    /// @param theta where to start; ends at the solution, from which a neighboring `C` is reached sooner
    private LinearClassifier fit(
            Standardizer standardizer, Features scaled, int[] labels, int classes, double strength, double[] theta) {
        scaled.requireLabels(labels, classes);
        if (classes < 2 || !(strength > 0)) {
            throw new IllegalArgumentException(Text.format("%d classes, C = %s", classes, strength));
        }
        double twoClassFactor = classes == 2 ? 2 : 1;
        double penalty = twoClassFactor / (strength * scaled.rows());
        try (Workers workers = new Workers(threads)) {
            var objective = new CrossEntropyObjective(scaled, labels, classes, penalty, workers);
            new Lbfgs(tolerance, maxIterations).minimize(theta, objective);
        }
        int weights = classes * scaled.columns();
        float[] w = toFloats(theta, 0, weights);
        return new LinearClassifier(standardizer, w, toFloats(theta, weights, theta.length), threads);
    }

    private static float[] toFloats(double[] values, int from, int to) {
        float[] floats = new float[to - from];
        for (int i = from; i < to; i++) {
            floats[i - from] = (float) values[i];
        }
        return floats;
    }

    /// Mean cross-entropy plus `penalty / 2 * ||W||^2`, of weights `[classes, columns]` followed by `[classes]` biases.
    private static final class CrossEntropyObjective implements Lbfgs.Objective {
        private final Features x;
        private final int[] labels;
        private final int classes;
        private final double penalty;
        private final Workers workers;
        private final int[] order;
        private final float[][] residuals;

        CrossEntropyObjective(Features x, int[] labels, int classes, double penalty, Workers workers) {
            this.x = x;
            this.labels = labels;
            this.classes = classes;
            this.penalty = penalty;
            this.workers = workers;
            this.order = Products.inOrder(x.rows());
            this.residuals = new float[classes][x.rows()];
        }

        @Override
        public double evaluate(double[] theta, double[] gradient) {
            int weights = classes * x.columns();
            float[] w = toFloats(theta, 0, weights);
            float[] bias = toFloats(theta, weights, theta.length);
            double[] losses = new double[Products.blocks(x.rows(), Panel.LENGTH)];
            workers.each(losses.length, block -> losses[block] = residuals(block, w, bias));
            workers.each(Products.blocks(x.columns(), Panel.LENGTH), tile -> gradient(tile, theta, gradient));
            for (int m = 0; m < classes; m++) {
                double sum = 0;
                for (float residual : residuals[m]) {
                    sum += residual;
                }
                gradient[weights + m] = sum / x.rows();
            }
            double squares = 0;
            for (int i = 0; i < weights; i++) {
                squares += theta[i] * theta[i];
            }
            return Arrays.stream(losses).sum() / x.rows() + penalty / 2 * squares;
        }

        private double residuals(int block, float[] w, float[] bias) {
            int first = block * Panel.LENGTH;
            int rows = Math.min(Panel.LENGTH, x.rows() - first);
            float[][] out = new float[classes][Panel.LENGTH];
            Products.scores(x, order, first, rows, w, 0, classes, new Panel(), out);
            double loss = Softmax.toGradient(out, 0, classes, bias, rows, labels, order, first);
            for (int m = 0; m < classes; m++) {
                System.arraycopy(out[m], 0, residuals[m], first, rows);
            }
            return loss;
        }

        private void gradient(int tile, double[] theta, double[] gradient) {
            int first = tile * Panel.LENGTH;
            int columns = Math.min(Panel.LENGTH, x.columns() - first);
            double[][] sums = new double[classes][columns];
            float[][] scratch = new float[classes][Panel.LENGTH];
            Products.weightedSums(x, order, x.rows(), residuals, first, columns, new Panel(), scratch, sums);
            for (int m = 0; m < classes; m++) {
                for (int j = 0; j < columns; j++) {
                    int i = m * x.columns() + first + j;
                    gradient[i] = sums[m][j] / x.rows() + penalty * theta[i];
                }
            }
        }
    }
}
