package dev.lejepa.tools.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.tools.stat.FeatureTests;
import dev.lejepa.trainer.eval.ClassScores;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.HealthReader;
import dev.lejepa.trainer.eval.HealthReport;
import dev.lejepa.trainer.eval.LinearProbe;
import dev.lejepa.trainer.eval.NearestNeighbors;
import dev.lejepa.trainer.eval.ProbeSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// The evaluation of a frozen encoder: features of training and test images, linear probes, nearest neighbors, health.
///
/// @param outputs of the encoder that are judged
/// @param progress told what comes next
public record Evaluation(
        Engine engine,
        Encoder encoder,
        Judged.Outputs outputs,
        EvalImages images,
        FeatureFolder features,
        EvalSettings settings,
        Consumer<String> progress) {
    private static final List<Integer> NEIGHBORS = List.of(10, 20);

    /// Of the part of the training images that tests where no other images do: always the same.
    private static final long TEST_SEED = 0;

    /// @param looked features of the images whose health is looked at: all that are not to learn from, or all that
    ///     there are
    private record Sets(Judged train, Judged test, Features looked) {}

    public EvalResult run() throws IOException, InterruptedException {
        var began = System.nanoTime();
        if (settings.asked()) {
            requireShots();
        }
        var sets = sets();
        var probes = new ArrayList<ProbeResult>();
        var flipped = new ArrayList<ProbeResult>();
        for (var shots : shots(sets.train().labels())) {
            progress.accept(Text.format("linear probes, shots: %s", shots.word()));
            probes.add(probe(sets, shots, false));
            if (settings.flip()) {
                flipped.add(probe(sets, shots, true));
            }
        }
        progress.accept("nearest neighbors");
        var neighbors = neighbors(sets);
        progress.accept("health of the features");
        var health = health(sets);
        return new EvalResult(
                encoder,
                outputs,
                images.classes(),
                sets.train().labels().length,
                sets.test().labels().length,
                images.test().isEmpty(),
                probes,
                flipped,
                neighbors,
                health,
                new FeatureTests(engine, TEST_SEED).of(sets.looked()),
                (System.nanoTime() - began) / 1e9);
    }

    /// What another process than the first one does of it: it reads its share of the images.
    public void help() throws IOException, InterruptedException {
        features.help(encoder, outputs, images.train(), settings.flip());
        if (images.test().isPresent()) {
            features.help(encoder, outputs, images.test().get(), false);
        }
    }

    /// Before features are computed, which may take long. Where a part of the images is held out, or some are broken,
    /// [ProbeSplit] may still find too few.
    private void requireShots() {
        var source = images.train().source();
        var labels = IntStream.range(0, source.size()).map(source::label).toArray();
        settings.shots().stream()
                .filter(s -> s.perClass().isPresent())
                .forEach(s -> ProbeSplit.requireShots(
                        labels, images.classes(), s.perClass().getAsInt()));
    }

    private Sets sets() throws IOException, InterruptedException {
        var train = features.read(encoder, outputs, "training images", images.train(), settings.flip());
        requireRoom(train);
        if (images.test().isPresent()) {
            var test =
                    features.read(encoder, outputs, "test images", images.test().get(), false);
            var labels = images.testLabels(test.labels());
            return new Sets(train, new Judged(test.probed(), test.mirrored(), test.pooled(), labels), test.pooled());
        }
        var split = ProbeSplit.all(train.labels(), images.classes().size(), TEST_SEED);
        if (!split.refit()) {
            throw new BadInputException(Text.format(
                    "%s: has %d images, too few to hold some of each class out as test images; give --test DATA",
                    images.train().source().place(), train.labels().length));
        }
        return new Sets(train.take(split.train()), train.take(split.choose()), train.pooled());
    }

    /// Mirrored images are learned from beside the others, in one array.
    private void requireRoom(Judged train) {
        var numbers = 2L * train.probed().values().length;
        if (settings.flip() && numbers > Integer.MAX_VALUE - Long.BYTES) {
            throw new BadInputException(Text.format(
                    "--flip: %d training images and their mirror images, %d features each, are more than can be judged at once; evaluate with fewer images or without it",
                    train.labels().length, train.probed().columns()));
        }
    }

    /// Those that were asked for; else those that every class has enough images for.
    private List<Shots> shots(int... labels) {
        var counts = new int[images.classes().size()];
        for (var label : labels) {
            counts[label]++;
        }
        var least = Arrays.stream(counts).min().orElseThrow();
        return settings.shots().stream()
                .filter(s -> settings.asked() || s.perClass().orElse(0) <= least)
                .toList();
    }

    private ProbeResult probe(Sets sets, Shots shots, boolean flip) {
        var labels = sets.train().labels();
        var top1 = new ArrayList<Double>();
        var heads = new ArrayList<LinearProbe.Head>();
        var first = Optional.<ClassScores>empty();
        for (var seed = 0; seed < settings.seeds(shots); seed++) {
            var split = shots.perClass().isPresent()
                    ? ProbeSplit.few(labels, images.classes(), shots.perClass().getAsInt(), seed)
                    : ProbeSplit.all(labels, images.classes().size(), seed);
            var fit = flip
                    ? fitMirrored(sets.train(), split, seed)
                    : fit(sets.train().probed(), labels, split, seed);
            var scores =
                    fit.classifier().score(sets.test().probed(), sets.test().labels());
            top1.add(scores.top1());
            heads.add(fit.head());
            first = first.or(() -> Optional.of(scores));
        }
        return new ProbeResult(shots, List.copyOf(top1), List.copyOf(heads), first.orElseThrow());
    }

    private LinearProbe.Fit fit(Features x, int[] labels, ProbeSplit split, long seed) {
        var classes = images.classes().size();
        var probe = LinearProbe.Settings.standard(seed).withWeightDecays(settings.weightDecays());
        return LinearProbe.fit(engine, x, labels, classes, split, probe);
    }

    /// The mirrored images follow the others; those of images that choose train nothing.
    private LinearProbe.Fit fitMirrored(Judged train, ProbeSplit split, long seed) {
        var n = train.labels().length;
        var plain = train.probed();
        var values = Arrays.copyOf(plain.values(), 2 * plain.values().length);
        System.arraycopy(train.mirrored().values(), 0, values, plain.values().length, plain.values().length);
        var labels = Arrays.copyOf(train.labels(), 2 * n);
        System.arraycopy(train.labels(), 0, labels, n, n);
        var rows = IntStream.concat(
                IntStream.of(split.train()), IntStream.of(split.train()).map(i -> i + n));
        var both = new ProbeSplit(rows.toArray(), split.choose(), split.refit());
        return fit(new Features(values, 2 * n, plain.columns()), labels, both, seed);
    }

    private HealthReport health(Sets sets) throws IOException, InterruptedException {
        var views = images.test().isPresent()
                ? features.views(encoder, outputs, images.test().get(), false)
                : features.views(encoder, outputs, images.train(), settings.flip());
        return HealthReader.report(sets.looked(), views);
    }

    private List<NeighborResult> neighbors(Sets sets) {
        var rows = sets.train().labels().length;
        var most = Math.min(rows, NEIGHBORS.getLast());
        try (var near = new NearestNeighbors(engine, sets.train().pooled(), most)) {
            var found = near.find(sets.test().pooled());
            return NEIGHBORS.stream()
                    .map(k -> new NeighborResult(
                            k,
                            found.top1(
                                    sets.train().labels(),
                                    sets.test().labels(),
                                    images.classes().size(),
                                    Math.min(k, most))))
                    .toList();
        }
    }
}
