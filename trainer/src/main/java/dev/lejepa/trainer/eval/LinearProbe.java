package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.eval.ProbeHeads.Head;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The published linear probe of frozen features: LayerNorm, a linear classifier, AdamW with warm-up and cosine. All
/// learning rates of a grid are trained side by side; the one that does best on rows that train nothing is taken. Test
/// rows choose nothing.
public final class LinearProbe {
    /// Rows of a step where there are few rows, and where there are many.
    private static final int SMALL_BATCH = 256;

    private static final int LARGE_BATCH = 1024;
    private static final int MANY = 20_000;

    /// The budget of a probe.
    ///
    /// @param epochs passes over the rows
    /// @param leastSteps where passes are short
    /// @param learningRates the grid
    /// @param weightDecays AdamW's, a grid with the rates
    /// @param warmupFraction of the steps
    /// @param seed of the order of rows
    public record Settings(
            int epochs,
            int leastSteps,
            List<Double> learningRates,
            List<Double> weightDecays,
            double warmupFraction,
            long seed) {
        public Settings {
            learningRates = List.copyOf(learningRates);
            weightDecays = List.copyOf(weightDecays);
            if (epochs < 1 || leastSteps < 1 || learningRates.isEmpty() || weightDecays.isEmpty()) {
                throw new IllegalArgumentException(Text.format(
                        "a probe of %d epochs, %d steps, rates %s, decays %s",
                        epochs, leastSteps, learningRates, weightDecays));
            }
        }

        /// 40 passes, at least 400 steps; twelve rates from 3e-5 to 1, weight decay 1e-6.
        public static Settings standard(long seed) {
            var rates = Stream.of(3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.3, 1.0);
            return new Settings(40, 400, rates.toList(), List.of(1e-6), 0.05, seed);
        }

        public Settings withLearningRates(List<Double> rates) {
            return new Settings(epochs, leastSteps, rates, weightDecays, warmupFraction, seed);
        }

        /// The same with other weight decays.
        public Settings withWeightDecays(List<Double> decays) {
            return new Settings(epochs, leastSteps, learningRates, decays, warmupFraction, seed);
        }

        /// One for each rate and each decay.
        private List<Head> heads() {
            return weightDecays.stream()
                    .flatMap(decay -> learningRates.stream().map(rate -> new Head(rate, decay)))
                    .toList();
        }
    }

    /// A fitted probe.
    ///
    /// @param learningRate the chosen one
    /// @param validation top-1 on the rows that choose, for each rate of the grid, decay after decay
    public record Fit(LinearClassifier classifier, double learningRate, List<Double> validation) {
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
    public static Fit fit(Engine engine, Features x, int[] labels, int classes, ProbeSplit split, Settings settings) {
        x.requireLabels(labels, classes);
        var all = split.refit() ? Blocks.inOrder(x.rows()) : split.train();
        var space = ProbeSpace.of(engine, x, all);
        var coordinates = space.apply(engine, x);
        var heads = settings.heads();
        try (var side = new ProbeHeads(engine, space.width(), classes, heads)) {
            train(side, coordinates, labels, split.train(), settings);
            var validation = validation(side, heads.size(), coordinates, labels, classes, split.choose());
            var best = best(validation);
            var top1 = validation.stream().map(ClassScores::top1).toList();
            var rate = heads.get(best).learningRate();
            if (!split.refit()) {
                return new Fit(side.classifier(best, space), rate, top1);
            }
            try (var last = new ProbeHeads(engine, space.width(), classes, List.of(heads.get(best)))) {
                train(last, coordinates, labels, all, settings);
                return new Fit(last.classifier(0, space), rate, top1);
            }
        }
    }

    private static void train(ProbeHeads heads, Features x, int[] labels, int[] rows, Settings settings) {
        var batch = Math.min(rows.length, rows.length < MANY ? SMALL_BATCH : LARGE_BATCH);
        var steps = Math.max(settings.leastSteps(), settings.epochs() * Math.ceilDiv(rows.length, batch));
        var warmup = (int) Math.round(settings.warmupFraction() * steps);
        heads.train(x, labels, rows, batch, steps, warmup, settings.seed());
    }

    private static List<ClassScores> validation(
            ProbeHeads side, int heads, Features x, int[] labels, int classes, int[] rows) {
        var scores = IntStream.range(0, heads)
                .mapToObj(_ -> new ClassScores(classes))
                .toList();
        side.score(x, rows, (from, count, logits) -> {
            for (var row = 0; row < count; row++) {
                for (var h = 0; h < heads; h++) {
                    scores.get(h).add(logits, (row * heads + h) * classes, labels[rows[from + row]]);
                }
            }
        });
        return scores;
    }

    /// The most hits; of equal ones the smaller loss.
    private static int best(List<ClassScores> scores) {
        return IntStream.range(0, scores.size())
                .reduce((a, b) -> isBetter(scores.get(b), scores.get(a)) ? b : a)
                .orElseThrow();
    }

    private static boolean isBetter(ClassScores one, ClassScores other) {
        return one.top1() > other.top1() || one.top1() == other.top1() && one.crossEntropy() < other.crossEntropy();
    }
}
