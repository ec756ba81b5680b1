package dev.lejepa.trainer.eval;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// What a classifier got right, class by class.
public final class ClassScores {
    private static final int FEW = 5;

    private final long[][] confusion;
    private long rows;
    private long hits;
    private long amongFive;
    private double loss;

    public ClassScores(int classes) {
        this.confusion = new long[classes][classes];
    }

    /// Adds a row. Of equal logits the first counts as the larger one.
    ///
    /// @param logits of all classes, from `from` on
    /// @param label the row's class
    void add(float[] logits, int from, int label) {
        var classes = confusion.length;
        var own = logits[from + label];
        var ahead = 0;
        var best = 0;
        for (var c = 0; c < classes; c++) {
            var z = logits[from + c];
            ahead += z > own || z == own && c < label ? 1 : 0;
            best = z > logits[from + best] ? c : best;
        }
        var total = 0.0;
        for (var c = 0; c < classes; c++) {
            total += Math.exp((double) logits[from + c] - logits[from + best]);
        }
        loss += Math.log(total) - ((double) own - logits[from + best]);
        confusion[label][best]++;
        rows++;
        hits += best == label ? 1 : 0;
        amongFive += ahead < FEW && !Float.isNaN(own) ? 1 : 0;
    }

    /// Adds the first `count` rows of a batch; padding behind them is ignored.
    ///
    /// @param logits `[at least count, classes]`, row after row
    /// @param labels class of each row
    public void add(float[] logits, int[] labels, int count) {
        for (var row = 0; row < count; row++) {
            add(logits, row * confusion.length, labels[row]);
        }
    }

    /// Adds the rows of others, of as many classes.
    public void add(ClassScores others) {
        for (var label = 0; label < confusion.length; label++) {
            for (var taken = 0; taken < confusion.length; taken++) {
                confusion[label][taken] += others.confusion[label][taken];
            }
        }
        rows += others.rows;
        hits += others.hits;
        amongFive += others.amongFive;
        loss += others.loss;
    }

    /// Writes all sums, for another process.
    public void write(DataOutputStream to) throws IOException {
        to.writeInt(confusion.length);
        for (var row : confusion) {
            for (var count : row) {
                to.writeLong(count);
            }
        }
        to.writeLong(rows);
        to.writeLong(hits);
        to.writeLong(amongFive);
        to.writeDouble(loss);
    }

    /// What [#write] wrote.
    public static ClassScores read(DataInputStream from) throws IOException {
        var scores = new ClassScores(from.readInt());
        for (var row : scores.confusion) {
            for (var taken = 0; taken < row.length; taken++) {
                row[taken] = from.readLong();
            }
        }
        scores.rows = from.readLong();
        scores.hits = from.readLong();
        scores.amongFive = from.readLong();
        scores.loss = from.readDouble();
        return scores;
    }

    /// Rows so far.
    public long rows() {
        return rows;
    }

    /// Fraction of rows whose largest logit is their label's; NaN without rows.
    public double top1() {
        return (double) hits / rows;
    }

    /// Fraction of rows whose label is among the five largest logits; NaN without rows.
    public double top5() {
        return (double) amongFive / rows;
    }

    /// Mean cross-entropy in nats; NaN without rows.
    public double crossEntropy() {
        return loss / rows;
    }

    /// Rows of a class (first index) by the class that they were taken for.
    public long[][] confusion() {
        return IntStream.range(0, confusion.length)
                .mapToObj(c -> confusion[c].clone())
                .toArray(long[][]::new);
    }

    /// Fraction of each class's rows that were taken for it; NaN for classes without rows.
    public double[] perClass() {
        return IntStream.range(0, confusion.length)
                .mapToDouble(c ->
                        (double) confusion[c][c] / Arrays.stream(confusion[c]).sum())
                .toArray();
    }
}
