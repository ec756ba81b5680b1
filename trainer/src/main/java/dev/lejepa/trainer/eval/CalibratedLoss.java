package dev.lejepa.trainer.eval;

import java.util.Arrays;

/// The mean cross-entropy of logits over the temperature that suits them best. A head that has trained far is surer than
/// it is right, which says nothing of which class it names; divided by one number for all rows, its logits are compared
/// with those of others (Guo et al., arXiv:1706.04599).
final class CalibratedLoss {
    /// Powers of the root of 2 from 1/4 to 32.
    private static final int COLDEST = -4;

    private static final int HOTTEST = 10;

    private final double[] losses = new double[HOTTEST - COLDEST + 1];
    private long rows;

    /// Adds a row.
    ///
    /// @param logits of all classes, from `from` on
    /// @param label the row's class
    void add(float[] logits, int from, int classes, int label) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            most = Math.max(most, logits[from + c]);
        }
        for (int t = 0; t < losses.length; t++) {
            double inverse = Math.pow(2, -0.5 * (COLDEST + t));
            double total = 0;
            for (int c = 0; c < classes; c++) {
                total += Math.exp((logits[from + c] - most) * inverse);
            }
            losses[t] += Math.log(total) - (logits[from + label] - most) * inverse;
        }
        rows++;
    }

    /// In nats; NaN without rows, or where a logit was no number.
    double least() {
        return Arrays.stream(losses).min().orElseThrow() / rows;
    }
}
