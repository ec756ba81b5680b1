package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Engine;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The published linear probe of frozen features: LayerNorm, a linear classifier, AdamW with warm-up and cosine. All
/// heads of a grid are trained side by side. The one with the smallest [cross-entropy][CalibratedLoss] on rows that
/// train nothing is chosen, as hits are too few to tell neighbors apart. Test rows choose nothing.
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
    /// @param penalties of heads beside that grid, all at the rate [#PENALIZED_RATE] and without decay
    /// @param warmupFraction of the steps
    /// @param seed of the order of rows
    public record Settings(
            int epochs,
            int leastSteps,
            List<Double> learningRates,
            List<Double> weightDecays,
            List<Double> penalties,
            double warmupFraction,
            long seed) {
        /// With a penalty the loss has one minimum, which any middling rate finds.
        static final double PENALIZED_RATE = 3e-3;

        public Settings {
            learningRates = List.copyOf(learningRates);
            weightDecays = List.copyOf(weightDecays);
            penalties = List.copyOf(penalties);
            if (epochs < 1 || leastSteps < 1 || learningRates.isEmpty() || weightDecays.isEmpty()) {
                throw new IllegalArgumentException(Text.format(
                        "a probe of %d epochs, %d steps, rates %s, decays %s",
                        epochs, leastSteps, learningRates, weightDecays));
            }
        }

        /// 40 passes, at least 400 steps; twelve rates from 3e-5 to 1, weight decay 1e-6; penalties from 10 to 10,000.
        public static Settings standard(long seed) {
            var rates = List.of(3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.3, 1.0);
            var penalties = List.of(10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4);
            return new Settings(40, 400, rates, List.of(1e-6), penalties, 0.05, seed);
        }

        /// The same with other weight decays.
        public Settings withWeightDecays(List<Double> decays) {
            return new Settings(epochs, leastSteps, learningRates, decays, penalties, warmupFraction, seed);
        }

        /// One for each rate and each decay, then one for each penalty.
        private List<Head> heads() {
            var plain = weightDecays.stream()
                    .flatMap(decay -> learningRates.stream().map(rate -> new Head(rate, decay, 0)));
            var penalized = penalties.stream().map(penalty -> new Head(PENALIZED_RATE, 0, penalty));
            return Stream.concat(plain, penalized).toList();
        }
    }

    /// How a head is trained.
    ///
    /// @param weightDecay AdamW's
    /// @param penalty `P` in the sum over rows of their losses `+ P/2` times the sum of squared weights: scikit-learn's
    /// `1/C`
    public record Head(double learningRate, double weightDecay, double penalty) {}

    /// A fitted probe.
    ///
    /// @param head the chosen one
    /// @param validation top-1 on the rows that choose, for each head: decay after decay, then penalties
    public record Fit(LinearClassifier classifier, Head head, List<Double> validation) {
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
            var best = validation.best();
            var top1 = validation.scores().stream().map(ClassScores::top1).toList();
            if (!split.refit()) {
                return new Fit(side.classifier(best, space), heads.get(best), top1);
            }
            try (var last = new ProbeHeads(engine, space.width(), classes, List.of(heads.get(best)))) {
                train(last, coordinates, labels, all, settings);
                return new Fit(last.classifier(0, space), heads.get(best), top1);
            }
        }
    }

    private static void train(ProbeHeads heads, Features x, int[] labels, int[] rows, Settings settings) {
        var batch = Math.min(rows.length, rows.length < MANY ? SMALL_BATCH : LARGE_BATCH);
        var steps = Math.max(settings.leastSteps(), settings.epochs() * Math.ceilDiv(rows.length, batch));
        var warmup = (int) Math.round(settings.warmupFraction() * steps);
        heads.train(x, labels, rows, batch, steps, warmup, settings.seed());
    }

    private static Validation validation(
            ProbeHeads side, int heads, Features x, int[] labels, int classes, int[] rows) {
        var scores = IntStream.range(0, heads)
                .mapToObj(_ -> new ClassScores(classes))
                .toList();
        var losses =
                IntStream.range(0, heads).mapToObj(_ -> new CalibratedLoss()).toList();
        side.score(x, rows, (from, count, logits) -> {
            for (var row = 0; row < count; row++) {
                var label = labels[rows[from + row]];
                for (var h = 0; h < heads; h++) {
                    var at = (row * heads + h) * classes;
                    scores.get(h).add(logits, at, label);
                    losses.get(h).add(logits, at, classes, label);
                }
            }
        });
        return new Validation(scores, losses);
    }

    /// What heads made of the rows that choose among them.
    private record Validation(List<ClassScores> scores, List<CalibratedLoss> losses) {
        /// The first of the smallest losses; one that ran away, whose loss is no number, only where all did.
        int best() {
            return IntStream.range(0, losses.size())
                    .boxed()
                    .min(Comparator.comparingDouble(h -> losses.get(h).least()))
                    .orElseThrow();
        }
    }
}
