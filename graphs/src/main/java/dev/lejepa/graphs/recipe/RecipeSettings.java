package dev.lejepa.graphs.recipe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// A recipe as a flat list of settings in a fixed order: `seed`, `data.train`, ... This is the one place that ties key
/// paths to the records' components; writers, hashes and comparisons walk it. Arguments of the backbone that are not
/// set, and its weights where there are none, leave no entry; every other key has one.
public final class RecipeSettings {
    private final LinkedHashMap<String, Setting> entries = new LinkedHashMap<>();

    private RecipeSettings() {}

    /// Every setting of `recipe` by its path, in the order of the recipe's documentation.
    public static SequencedMap<String, Setting> of(Recipe recipe) {
        var table = new RecipeSettings();
        table.whole("seed", recipe.seed());
        table.data(recipe.data());
        table.views(recipe.views());
        table.model(recipe.model());
        table.loss(recipe.loss());
        table.optimizer(recipe.optimizer());
        recipe.probe().ifPresentOrElse(table::probe, () -> table.put("probe", new Setting.Unset()));
        table.train(recipe.train());
        return Collections.unmodifiableSequencedMap(table.entries);
    }

    /// The same as a tree of sections, as a recipe file nests them.
    public static Setting.Section tree(Recipe recipe) {
        return section("", of(recipe));
    }

    private static Setting.Section section(String prefix, SequencedMap<String, Setting> flat) {
        var nested = new LinkedHashMap<String, Setting>();
        flat.forEach((path, value) -> {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int dot = rest.indexOf('.');
                String name = dot < 0 ? rest : rest.substring(0, dot);
                if (!nested.containsKey(name)) {
                    nested.put(name, dot < 0 ? value : section(prefix + name + ".", flat));
                }
            }
        });
        return new Setting.Section(nested);
    }

    /// SHA-256, in hexadecimal, of all settings that decide what a step computes: equal for recipes that train the same,
    /// however they were written, wherever the images lie and whenever the run stops.
    public static String sha256(Recipe recipe) {
        var text = new StringBuilder();
        of(recipe).forEach((path, value) -> {
            if (!RecipeChanges.isFree(path)) {
                text.append(path).append('=').append(value.text()).append('\n');
            }
        });
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void data(DataSpec data) {
        put("data.train", sources(data.train()));
        put("data.val", sources(data.val()));
        whole("data.batch", data.batch());
        put("data.workers", wholeOr(data.workers(), new Setting.Text("auto")));
        real("data.max_broken", data.maxBroken());
        whole("data.max_pixels", data.maxPixels());
        choice("data.jpeg", data.jpeg());
    }

    /// One source is its path, several are a list of paths, or of paths with weights.
    private static Setting sources(List<SourceSpec> sources) {
        if (sources.isEmpty()) {
            return new Setting.Unset();
        }
        var settings = sources.stream().map(RecipeSettings::source).toList();
        return settings.size() == 1 && settings.getFirst() instanceof Setting.Text only
                ? only
                : new Setting.Listing(settings);
    }

    private static Setting source(SourceSpec source) {
        var path = new Setting.Text(source.path());
        if (source.weight().isEmpty()) {
            return path;
        }
        var settings = new LinkedHashMap<String, Setting>();
        settings.put("path", path);
        settings.put("weight", new Setting.Real(source.weight().getAsDouble()));
        return new Setting.Section(settings);
    }

    private void views(ViewsSpec views) {
        crop("views.global", views.global());
        crop("views.local", views.local());
        interval("views.ratio", views.ratio());
        real("views.flip", views.flip());
        real("views.jitter.p", views.jitter().p());
        real("views.jitter.brightness", views.jitter().brightness());
        real("views.jitter.contrast", views.jitter().contrast());
        real("views.jitter.saturation", views.jitter().saturation());
        real("views.jitter.hue", views.jitter().hue());
        real("views.grayscale", views.grayscale());
        real("views.blur.p", views.blur().p());
        whole("views.blur.kernel", views.blur().kernel());
        interval("views.blur.sigma", views.blur().sigma());
        real("views.solarize.p", views.solarize().p());
        whole("views.solarize.threshold", views.solarize().threshold());
        reals("views.mean", views.mean());
        reals("views.std", views.std());
        choice("views.on", views.on());
    }

    private void crop(String path, CropSpec crop) {
        whole(path + ".count", crop.count());
        whole(path + ".size", crop.size());
        interval(path + ".scale", crop.scale());
    }

    private void model(ModelSpec model) {
        BackboneSpec backbone = model.backbone();
        put("model.backbone.name", new Setting.Text(backbone.name()));
        backbone.arguments().forEach((name, value) -> put("model.backbone." + name, value));
        backbone.weights().ifPresent(file -> put("model.backbone.weights", new Setting.Text(file)));
        put("model.projector.hidden", wholes(model.projector().hidden()));
        whole("model.projector.out", model.projector().out());
    }

    private void loss(LossSpec loss) {
        choice("loss.dialect", loss.dialect());
        choice("loss.regularizer", loss.regularizer());
        real("loss.lambda", loss.lambda());
        whole("loss.slices", loss.slices());
        whole("loss.knots", loss.knots());
        real("loss.t_max", loss.tMax());
        loss.test().forEach((name, value) -> put("loss.test." + name, new Setting.Text(value)));
    }

    private void optimizer(OptimizerSpec optimizer) {
        real("optimizer.lr", optimizer.lr());
        real("optimizer.weight_decay", optimizer.weightDecay());
        put(
                "optimizer.decay_exclude",
                new Setting.Listing(optimizer.decayExclude().stream()
                        .<Setting>map(Setting.Text::new)
                        .toList()));
        reals(
                "optimizer.betas",
                List.of(optimizer.betas().first(), optimizer.betas().second()));
        real("optimizer.eps", optimizer.eps());
        real("optimizer.warmup_epochs", optimizer.warmupEpochs());
        real("optimizer.warmup_start", optimizer.warmupStart());
        real("optimizer.final_lr", optimizer.finalLr());
    }

    private void probe(ProbeSpec probe) {
        put("probe.classes", wholeOr(probe.classes(), new Setting.Text("auto")));
        real("probe.lr", probe.lr());
        real("probe.weight_decay", probe.weightDecay());
        real("probe.final_lr", probe.finalLr());
    }

    private void train(TrainSpec train) {
        whole("train.epochs", train.epochs());
        put("train.steps", wholeOr(train.steps(), new Setting.Unset()));
        choice("train.precision", train.precision());
        choice("train.target", train.target());
        put("train.checkpoint_every_epochs", wholeOr(train.checkpointEveryEpochs(), new Setting.Unset()));
        put("train.checkpoint_every_steps", wholeOr(train.checkpointEverySteps(), new Setting.Unset()));
        whole("train.keep", train.keep());
        put("train.sync_bn", new Setting.Flag(train.syncBn()));
        put("train.micro_batches", wholeOr(train.memory().microBatches(), new Setting.Text("auto")));
        choice("train.recompute", train.memory().recompute());
        var gigabytes = train.memory().gigabytes();
        put("train.memory_gb", gigabytes.isPresent() ? new Setting.Real(gigabytes.getAsDouble()) : new Setting.Unset());
    }

    private void put(String path, Setting value) {
        entries.put(path, value);
    }

    private void whole(String path, long value) {
        put(path, new Setting.Whole(value));
    }

    private void real(String path, double value) {
        put(path, new Setting.Real(value));
    }

    private void choice(String path, Choice value) {
        put(path, new Setting.Text(value.word()));
    }

    private void reals(String path, List<Double> values) {
        put(
                path,
                new Setting.Listing(
                        values.stream().<Setting>map(Setting.Real::new).toList()));
    }

    private void interval(String path, Interval interval) {
        reals(path, List.of(interval.low(), interval.high()));
    }

    private static Setting wholeOr(OptionalInt value, Setting otherwise) {
        return value.isPresent() ? new Setting.Whole(value.getAsInt()) : otherwise;
    }

    private static Setting.Listing wholes(List<Integer> values) {
        return new Setting.Listing(
                values.stream().<Setting>map(v -> new Setting.Whole(v)).toList());
    }
}
