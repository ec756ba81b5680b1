package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A linear classifier trained for a fixed budget with AdamW: the probe that compares encoders with each other and with
/// raw pixels. All learning rates of the grid are trained side by side on a part of the training rows, the one with the
/// highest accuracy on the remaining part is then trained on all of them. The test rows choose nothing.
public final class LinearProbe {

    /// The budget of a probe.
    ///
    /// @param epochs passes over the rows, for the choice and again for the final fit
    /// @param batch rows per step
    /// @param learningRates the grid
    /// @param weightDecay AdamW's
    /// @param warmupFraction of the steps, linear; after it the rate falls to 0 along a cosine
    /// @param holdOut part of the training rows that chooses the rate
    /// @param seed of the split and of the order of rows
    /// @param threads that share the work
    public record Settings(
            int epochs,
            int batch,
            List<Double> learningRates,
            double weightDecay,
            double warmupFraction,
            double holdOut,
            long seed,
            int threads) {

        public Settings {
            learningRates = List.copyOf(learningRates);
            if (epochs < 1 || batch < 1 || learningRates.isEmpty() || !(holdOut > 0 && holdOut < 1)) {
                throw new IllegalArgumentException(Text.format(
                        "a probe of %d epochs, batch %d, rates %s, hold-out %s",
                        epochs, batch, learningRates, holdOut));
            }
        }

        /// 40 epochs in batches of 256, rates 3e-4 to 0.1, weight decay 1e-6, a fifth held out for the choice.
        public static Settings standard(long seed, int threads) {
            return new Settings(40, 256, List.of(3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1), 1e-6, 0.05, 0.2, seed, threads);
        }
    }

    /// A fitted probe.
    ///
    /// @param learningRate the chosen one
    /// @param heldOutTop1 accuracy on the held-out part for each rate of the grid
    public record Fit(LinearClassifier classifier, double learningRate, List<Double> heldOutTop1) {

        /// Fraction of rows classified as labeled.
        public double top1(Features x, int[] labels) {
            return classifier.top1(x, labels);
        }
    }

    private LinearProbe() {}

    /// Fits the probe.
    ///
    /// @param x features of the training images, as they come
    /// @param labels their classes
    public static Fit fit(Features x, int[] labels, int classes, Settings settings) {
        x.requireLabels(labels, classes);
        Standardizer standardizer = Standardizer.of(x);
        Features scaled = standardizer.apply(x);
        int[] order = shuffled(x.rows(), settings.seed());
        int held = Math.clamp(Math.round(settings.holdOut() * x.rows()), 1, Math.max(1, x.rows() - 1));
        int[] choose = IntStream.of(order).limit(held).toArray();
        int[] train = IntStream.of(order).skip(held).toArray();
        if (train.length == 0) {
            throw new IllegalArgumentException("a probe needs at least 2 rows, got " + x.rows());
        }
        List<Double> rates = settings.learningRates();
        List<Double> accuracy = accuracies(scaled, labels, classes, train, choose, settings);
        int best = IntStream.range(0, rates.size())
                .reduce((a, b) -> accuracy.get(b) > accuracy.get(a) ? b : a)
                .orElseThrow();
        try (AdamHeads head = new AdamHeads(scaled, labels, classes, List.of(rates.get(best)), settings)) {
            head.train(order);
            return new Fit(head.classifier(0, standardizer), rates.get(best), accuracy);
        }
    }

    private static List<Double> accuracies(
            Features scaled, int[] labels, int classes, int[] train, int[] choose, Settings settings) {
        int[] chosenLabels = IntStream.of(choose).map(i -> labels[i]).toArray();
        try (AdamHeads heads = new AdamHeads(scaled, labels, classes, settings.learningRates(), settings)) {
            heads.train(train);
            float[][] logits = heads.logits(choose);
            return IntStream.range(0, logits.length)
                    .mapToObj(head -> {
                        LogitScores scores = new LogitScores();
                        scores.add(logits[head], classes, chosenLabels, choose.length);
                        return scores.top1();
                    })
                    .toList();
        }
    }

    private static int[] shuffled(int rows, long seed) {
        int[] order = Products.inOrder(rows);
        shuffle(order, new SplittableRandom(seed));
        return order;
    }

    /// Fisher-Yates.
    static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
