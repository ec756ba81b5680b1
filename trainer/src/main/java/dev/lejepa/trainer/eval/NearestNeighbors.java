package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import java.util.Arrays;

/// Classification by plain majority vote of the `k` nearest training rows. Of classes with equally many votes the
/// smallest number wins, of equally near rows the earlier one.
public final class NearestNeighbors {
    /// Training rows compared with a block of test rows at once.
    private static final int CHUNK = 512;

    private final Features train;
    private final int[] labels;
    private final int classes;
    private final int k;
    private final Distance distance;
    private final int threads;
    private final float[] offsets;

    /// What near means.
    public enum Distance {
        /// The angle between rows.
        COSINE,
        /// The length of their difference.
        EUCLIDEAN
    }

    /// @param train features of labeled images, as they come
    /// @param k at most the number of rows
    public NearestNeighbors(Features train, int[] labels, int classes, int k, Distance distance, int threads) {
        train.requireLabels(labels, classes);
        if (k < 1 || k > train.rows()) {
            throw new IllegalArgumentException(Text.format("%d neighbors of %d rows", k, train.rows()));
        }
        this.train = prepared(train, distance);
        this.labels = labels.clone();
        this.classes = classes;
        this.k = k;
        this.distance = distance;
        this.threads = threads;
        this.offsets = offsets(this.train, distance);
    }

    /// Fraction of rows whose vote is their label.
    public double top1(Features test, int[] testLabels) {
        test.requireLabels(testLabels, classes);
        int[] votes = predict(test);
        int hits = 0;
        for (int i = 0; i < votes.length; i++) {
            hits += votes[i] == testLabels[i] ? 1 : 0;
        }
        return (double) hits / votes.length;
    }

    /// The class of each row.
    public int[] predict(Features test) {
        if (test.columns() != train.columns()) {
            throw new IllegalArgumentException(Text.format("%d columns, made for %d", test.columns(), train.columns()));
        }
        Features prepared = prepared(test, distance);
        int[] order = Products.inOrder(test.rows());
        int[] votes = new int[test.rows()];
        try (Workers workers = new Workers(threads)) {
            workers.each(Products.blocks(test.rows(), Panel.LENGTH), block -> predict(prepared, order, block, votes));
        }
        return votes;
    }

    private void predict(Features test, int[] order, int block, int[] votes) {
        int first = block * Panel.LENGTH;
        int rows = Math.min(Panel.LENGTH, test.rows() - first);
        Panel panel = new Panel();
        float[][] scores = new float[Math.min(CHUNK, train.rows())][Panel.LENGTH];
        float[][] nearness = new float[rows][k];
        int[][] nearest = new int[rows][k];
        for (float[] line : nearness) {
            Arrays.fill(line, Float.NEGATIVE_INFINITY);
        }
        for (int m = 0; m < train.rows(); m += CHUNK) {
            int count = Math.min(CHUNK, train.rows() - m);
            Products.scores(test, order, first, rows, train.values(), m, count, panel, scores);
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < rows; r++) {
                    insert(nearness[r], nearest[r], scores[i][r] - offsets[m + i], m + i);
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            votes[first + r] = vote(nearest[r]);
        }
    }

    /// Keeps the k largest, in falling order.
    private void insert(float[] nearness, int[] nearest, float score, int row) {
        int at = k - 1;
        if (!(score > nearness[at])) {
            return;
        }
        for (; at > 0 && score > nearness[at - 1]; at--) {
            nearness[at] = nearness[at - 1];
            nearest[at] = nearest[at - 1];
        }
        nearness[at] = score;
        nearest[at] = row;
    }

    private int vote(int[] rows) {
        int[] count = new int[classes];
        int best = 0;
        for (int row : rows) {
            count[labels[row]]++;
        }
        for (int m = 1; m < classes; m++) {
            best = count[m] > count[best] ? m : best;
        }
        return best;
    }

    /// For angles: rows scaled to length 1. A row of zeros stays one.
    private static Features prepared(Features x, Distance distance) {
        if (distance == Distance.EUCLIDEAN) {
            return x;
        }
        float[] scaled = x.values().clone();
        for (int r = 0; r < x.rows(); r++) {
            double length = Math.sqrt(squares(x, r));
            float scale = length > 0 ? (float) (1 / length) : 0f;
            for (int j = 0; j < x.columns(); j++) {
                scaled[r * x.columns() + j] *= scale;
            }
        }
        return new Features(scaled, x.rows(), x.columns());
    }

    /// What to take off the scalar product so that the nearest row has the largest score:
    /// `-|a - b|^2 / 2 = a b - |b|^2 / 2 - |a|^2 / 2`, where the last term is the same for all.
    private static float[] offsets(Features train, Distance distance) {
        float[] offsets = new float[train.rows()];
        if (distance == Distance.EUCLIDEAN) {
            for (int r = 0; r < offsets.length; r++) {
                offsets[r] = (float) (squares(train, r) / 2);
            }
        }
        return offsets;
    }

    private static double squares(Features x, int row) {
        double sum = 0;
        for (int j = 0; j < x.columns(); j++) {
            sum += (double) x.at(row, j) * x.at(row, j);
        }
        return sum;
    }
}
