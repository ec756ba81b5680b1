package dev.lejepa.trainer.eval;

/// A fitted linear classifier on standardized features.
public final class LinearClassifier {
    private final Standardizer standardizer;
    private final float[] weights;
    private final float[] bias;
    private final int threads;

    LinearClassifier(Standardizer standardizer, float[] weights, float[] bias, int threads) {
        this.standardizer = standardizer;
        this.weights = weights;
        this.bias = bias;
        this.threads = threads;
    }

    /// Number of classes.
    public int classes() {
        return bias.length;
    }

    /// Logits `[rows, classes]`, row after row.
    ///
    /// @param x features as they come from the encoder, not standardized
    public float[] logits(Features x) {
        return standardizedLogits(standardizer.apply(x));
    }

    /// Accuracy and cross-entropy on labeled features.
    public LogitScores score(Features x, int[] labels) {
        x.requireLabels(labels, classes());
        LogitScores scores = new LogitScores();
        scores.add(logits(x), classes(), labels, x.rows());
        return scores;
    }

    /// Fraction of rows classified as labeled.
    public double top1(Features x, int[] labels) {
        return score(x, labels).top1();
    }

    private float[] standardizedLogits(Features x) {
        int classes = classes();
        int[] order = Products.inOrder(x.rows());
        float[] logits = new float[x.rows() * classes];
        try (Workers workers = new Workers(threads)) {
            workers.each(Products.blocks(x.rows(), Panel.LENGTH), block -> {
                int first = block * Panel.LENGTH;
                int rows = Math.min(Panel.LENGTH, x.rows() - first);
                float[][] out = new float[classes][Panel.LENGTH];
                Products.scores(x, order, first, rows, weights, 0, classes, new Panel(), out);
                for (int m = 0; m < classes; m++) {
                    for (int r = 0; r < rows; r++) {
                        logits[(first + r) * classes + m] = out[m][r] + bias[m];
                    }
                }
            });
        }
        return logits;
    }
}
