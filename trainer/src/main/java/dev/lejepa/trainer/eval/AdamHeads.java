package dev.lejepa.trainer.eval;

import dev.lejepa.trainer.schedule.WarmupCosine;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Linear heads trained together on the same batches, each with its own learning rate: they share the passes over the
/// features, which cost more than the heads. A head's result does not depend on which others are trained with it.
final class AdamHeads implements AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    /// Rows that one worker scores at once; smaller than a panel so that a batch makes work for several.
    private static final int PIECE = 64;

    private final Features x;
    private final int[] labels;
    private final int classes;
    private final List<Double> rates;
    private final LinearProbe.Settings settings;
    private final Workers workers;
    private final int outputs;
    private final float[] weights;
    private final float[] weightMean;
    private final float[] weightSquare;
    private final float[] bias;
    private final float[] biasMean;
    private final float[] biasSquare;
    private final float[][] residuals;
    private long step;

    AdamHeads(Features x, int[] labels, int classes, List<Double> rates, LinearProbe.Settings settings) {
        this.x = x;
        this.labels = labels;
        this.classes = classes;
        this.rates = rates;
        this.settings = settings;
        this.workers = new Workers(settings.threads());
        this.outputs = rates.size() * classes;
        int numbers = Math.multiplyExact(outputs, x.columns());
        this.weights = new float[numbers];
        this.weightMean = new float[numbers];
        this.weightSquare = new float[numbers];
        this.bias = new float[outputs];
        this.biasMean = new float[outputs];
        this.biasSquare = new float[outputs];
        this.residuals = new float[outputs][settings.batch()];
    }

    /// Trains on these rows for the whole budget; the last, smaller batch of an epoch is used too.
    void train(int[] rows) {
        int[] order = rows.clone();
        SplittableRandom random = new SplittableRandom(settings.seed() ^ 0x5eedL);
        long steps = (long) settings.epochs() * Products.blocks(order.length, settings.batch());
        long warmup = Math.round(settings.warmupFraction() * steps);
        List<WarmupCosine> schedules = rates.stream()
                .map(rate -> new WarmupCosine(rate, warmup, steps, 0.01, 0))
                .toList();
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            LinearProbe.shuffle(order, random);
            for (int from = 0; from < order.length; from += settings.batch()) {
                int to = Math.min(order.length, from + settings.batch());
                long now = step;
                double[] lr = schedules.stream().mapToDouble(s -> s.at(now)).toArray();
                step(Arrays.copyOfRange(order, from, to), lr);
            }
        }
    }

    private void step(int[] batch, double[] lr) {
        step++;
        workers.each(Products.blocks(batch.length, PIECE), piece -> residuals(piece, batch));
        workers.each(Products.blocks(x.columns(), Panel.LENGTH), tile -> update(tile, batch, lr));
        for (int m = 0; m < outputs; m++) {
            double sum = 0;
            for (int r = 0; r < batch.length; r++) {
                sum += residuals[m][r];
            }
            new Adam(lr[m / classes], 0).update(bias, biasMean, biasSquare, m, sum / batch.length);
        }
    }

    private void residuals(int piece, int[] batch) {
        int first = piece * PIECE;
        int rows = Math.min(PIECE, batch.length - first);
        float[][] out = new float[outputs][PIECE];
        Products.scores(x, batch, first, rows, weights, 0, outputs, new Panel(), out);
        for (int head = 0; head < rates.size(); head++) {
            Softmax.toGradient(out, head * classes, classes, bias, rows, labels, batch, first);
        }
        for (int m = 0; m < outputs; m++) {
            System.arraycopy(out[m], 0, residuals[m], first, rows);
        }
    }

    private void update(int tile, int[] batch, double[] lr) {
        int first = tile * Panel.LENGTH;
        int columns = Math.min(Panel.LENGTH, x.columns() - first);
        double[][] sums = new double[outputs][columns];
        float[][] scratch = new float[outputs][Panel.LENGTH];
        Products.weightedSums(x, batch, batch.length, residuals, first, columns, new Panel(), scratch, sums);
        for (int m = 0; m < outputs; m++) {
            Adam adam = new Adam(lr[m / classes], settings.weightDecay());
            for (int j = 0; j < columns; j++) {
                adam.update(weights, weightMean, weightSquare, m * x.columns() + first + j, sums[m][j] / batch.length);
            }
        }
    }

    /// One step's constants for one group of numbers.
    private final class Adam {
        private final double keep;
        private final double size;
        private final double correction;

        Adam(double lr, double decay) {
            keep = 1 - lr * decay;
            size = lr / (1 - Math.pow(BETA1, (double) step));
            correction = 1 / Math.sqrt(1 - Math.pow(BETA2, (double) step));
        }

        void update(float[] p, float[] mean, float[] square, int i, double gradient) {
            double m = BETA1 * mean[i] + (1 - BETA1) * gradient;
            double v = BETA2 * square[i] + (1 - BETA2) * gradient * gradient;
            mean[i] = (float) m;
            square[i] = (float) v;
            p[i] = (float) (p[i] * keep - size * m / (Math.sqrt(v) * correction + EPSILON));
        }
    }

    /// Logits of chosen rows, `[head][rows * classes]`.
    float[][] logits(int[] rows) {
        float[][] logits = new float[rates.size()][rows.length * classes];
        workers.each(Products.blocks(rows.length, Panel.LENGTH), block -> {
            int first = block * Panel.LENGTH;
            int count = Math.min(Panel.LENGTH, rows.length - first);
            float[][] out = new float[outputs][Panel.LENGTH];
            Products.scores(x, rows, first, count, weights, 0, outputs, new Panel(), out);
            for (int m = 0; m < outputs; m++) {
                for (int r = 0; r < count; r++) {
                    logits[m / classes][(first + r) * classes + m % classes] = out[m][r] + bias[m];
                }
            }
        });
        return logits;
    }

    /// One head as a classifier of its own.
    LinearClassifier classifier(int head, Standardizer standardizer) {
        int from = head * classes;
        int columns = x.columns();
        return new LinearClassifier(
                standardizer,
                Arrays.copyOfRange(weights, from * columns, (from + classes) * columns),
                Arrays.copyOfRange(bias, from, from + classes),
                settings.threads());
    }

    @Override
    public void close() {
        workers.close();
    }
}
