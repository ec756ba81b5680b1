package dev.lejepa.trainer.eval;

/// Cross-entropy of scores that lie class by class, as [Products#scores] makes them.
final class Softmax {
    private Softmax() {}

    /// Turns scores into the derivative of the summed cross-entropy, in place, and returns that sum.
    ///
    /// @param scores `[first + classes][rows]`; the classes of this head begin at `first`
    /// @param bias added to the scores, `[first + classes]`
    /// @param labels the class of row `r` is `labels[order[firstRow + r]]`
    static double toGradient(
            float[][] scores, int first, int classes, float[] bias, int rows, int[] labels, int[] order, int firstRow) {
        double loss = 0;
        for (int r = 0; r < rows; r++) {
            int label = labels[order[firstRow + r]];
            float largest = Float.NEGATIVE_INFINITY;
            for (int m = first; m < first + classes; m++) {
                scores[m][r] += bias[m];
                largest = Math.max(largest, scores[m][r]);
            }
            double total = 0;
            double own = scores[first + label][r] - largest;
            for (int m = first; m < first + classes; m++) {
                double e = Math.exp(scores[m][r] - largest);
                scores[m][r] = (float) e;
                total += e;
            }
            float scale = (float) (1 / total);
            for (int m = first; m < first + classes; m++) {
                scores[m][r] *= scale;
            }
            scores[first + label][r] -= 1f;
            loss += Math.log(total) - own;
        }
        return loss;
    }
}
