package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;

/// Top-1 accuracy and mean cross-entropy of logits that arrive in batches. Not thread-safe.
public final class LogitScores {
    private long rows;
    private long hits;
    private double loss;

    /// Adds the first `count` rows of a batch; padding behind them is ignored.
    ///
    /// @param logits `[at least count, classes]`, row after row
    /// @param labels class of each row
    public void add(float[] logits, int classes, int[] labels, int count) {
        if (logits.length < (long) count * classes || labels.length < count) {
            throw new IllegalArgumentException(Text.format(
                    "%d rows of %d classes, but %d logits and %d labels",
                    count, classes, logits.length, labels.length));
        }
        for (int r = 0; r < count; r++) {
            addRow(logits, r * classes, classes, labels[r]);
        }
        rows += count;
    }

    private void addRow(float[] logits, int from, int classes, int label) {
        int best = 0;
        for (int m = 1; m < classes; m++) {
            if (logits[from + m] > logits[from + best]) {
                best = m;
            }
        }
        double total = 0;
        for (int m = 0; m < classes; m++) {
            total += Math.exp((double) logits[from + m] - logits[from + best]);
        }
        hits += best == label ? 1 : 0;
        loss += Math.log(total) - ((double) logits[from + label] - logits[from + best]);
    }

    /// Rows so far.
    public long rows() {
        return rows;
    }

    /// Fraction of rows whose largest logit is their label's (the first of equal ones counts); NaN without
    /// rows.
    public double top1() {
        return (double) hits / rows;
    }

    /// Mean cross-entropy in nats; NaN without rows.
    public double crossEntropy() {
        return loss / rows;
    }
}
