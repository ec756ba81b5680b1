package dev.lejepa.tools.config;

import dev.lejepa.graphs.models.BackboneDefaults;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Betas;
import dev.lejepa.graphs.recipe.BlurSpec;
import dev.lejepa.graphs.recipe.CropSpec;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.JitterSpec;
import dev.lejepa.graphs.recipe.LossSpec;
import dev.lejepa.graphs.recipe.MemorySpec;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.OptimizerSpec;
import dev.lejepa.graphs.recipe.ProbeSpec;
import dev.lejepa.graphs.recipe.ProjectorSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.SolarizeSpec;
import dev.lejepa.graphs.recipe.TrainSpec;
import dev.lejepa.graphs.recipe.ViewsSpec;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Fills a recipe's records from the sections of a file: one method per section, one line per key.
final class RecipeReader {
    private RecipeReader() {}

    static Recipe read(Section root) {
        Recipe defaults = Recipe.defaults();
        long seed = root.whole("seed", defaults.seed());
        DataSpec data = within(root, "data", section -> data(section, defaults.data()));
        ViewsSpec views = within(root, "views", section -> views(section, defaults.views()));
        ModelSpec model = within(root, "model", section -> model(section, defaults.model(), views));
        LossSpec loss = within(root, "loss", section -> loss(section, defaults.loss()));
        OptimizerSpec optimizer = within(root, "optimizer", section -> optimizer(section, defaults.optimizer()));
        boolean none = root.isNull("probe");
        ProbeSpec probe = within(root, "probe", section -> probe(section, ProbeSpec.defaults()));
        TrainSpec train = within(root, "train", section -> train(section, defaults.train()));
        root.refuseUnknownKeys();
        return new Recipe(
                seed, data, views, model, loss, optimizer, none ? Optional.empty() : Optional.of(probe), train);
    }

    /// Reads a section and then refuses what is left of it.
    private static <T> T within(Section parent, String key, Function<Section, T> read) {
        Section section = parent.section(key);
        T value = read.apply(section);
        section.refuseUnknownKeys();
        return value;
    }

    private static DataSpec data(Section section, DataSpec otherwise) {
        return new DataSpec(
                section.sources("train"),
                section.sources("val"),
                section.whole("batch", otherwise.batch()),
                section.wholeOr("workers", "auto", otherwise.workers()),
                section.real("max_broken", otherwise.maxBroken()),
                section.whole("max_pixels", otherwise.maxPixels()),
                section.choice("jpeg", otherwise.jpeg()));
    }

    private static ViewsSpec views(Section section, ViewsSpec otherwise) {
        return new ViewsSpec(
                within(section, "global", crop -> crop(crop, otherwise.global())),
                within(section, "local", crop -> crop(crop, otherwise.local())),
                section.interval("ratio", otherwise.ratio()),
                section.real("flip", otherwise.flip()),
                within(section, "jitter", jitter -> jitter(jitter, otherwise.jitter())),
                section.real("grayscale", otherwise.grayscale()),
                within(section, "blur", blur -> blur(blur, otherwise.blur())),
                within(section, "solarize", solarize -> solarize(solarize, otherwise.solarize())),
                section.reals("mean", otherwise.mean()),
                section.reals("std", otherwise.std()),
                section.choice("on", otherwise.on()));
    }

    private static CropSpec crop(Section section, CropSpec otherwise) {
        return new CropSpec(
                section.whole("count", otherwise.count()),
                section.whole("size", otherwise.size()),
                section.interval("scale", otherwise.scale()));
    }

    private static JitterSpec jitter(Section section, JitterSpec otherwise) {
        return new JitterSpec(
                section.real("p", otherwise.p()),
                section.real("brightness", otherwise.brightness()),
                section.real("contrast", otherwise.contrast()),
                section.real("saturation", otherwise.saturation()),
                section.real("hue", otherwise.hue()));
    }

    private static BlurSpec blur(Section section, BlurSpec otherwise) {
        return new BlurSpec(
                section.real("p", otherwise.p()),
                section.whole("kernel", otherwise.kernel()),
                section.interval("sigma", otherwise.sigma()));
    }

    private static SolarizeSpec solarize(Section section, SolarizeSpec otherwise) {
        return new SolarizeSpec(section.real("p", otherwise.p()), section.whole("threshold", otherwise.threshold()));
    }

    private static ModelSpec model(Section section, ModelSpec otherwise, ViewsSpec views) {
        return new ModelSpec(
                within(section, "backbone", backbone -> backbone(backbone, views)),
                within(section, "projector", projector -> projector(projector, otherwise.projector())));
    }

    /// The family of the named model knows what each argument must be, so here they are only told apart by their form.
    private static BackboneSpec backbone(Section section, ViewsSpec views) {
        return BackboneDefaults.resolve(
                        section.optionalText("name"), section.settings(Set.of("name", "weights")), views)
                .withWeights(section.optionalText("weights"));
    }

    private static ProjectorSpec projector(Section section, ProjectorSpec otherwise) {
        return new ProjectorSpec(section.wholes("hidden", otherwise.hidden()), section.whole("out", otherwise.out()));
    }

    private static LossSpec loss(Section section, LossSpec otherwise) {
        return new LossSpec(
                section.choice("dialect", otherwise.dialect()),
                section.choice("regularizer", otherwise.regularizer()),
                section.real("lambda", otherwise.lambda()),
                section.whole("slices", otherwise.slices()),
                section.whole("knots", otherwise.knots()),
                section.real("t_max", otherwise.tMax()),
                within(section, "test", Section::words));
    }

    private static OptimizerSpec optimizer(Section section, OptimizerSpec otherwise) {
        Interval betas = section.interval(
                "betas",
                new Interval(otherwise.betas().first(), otherwise.betas().second()));
        return new OptimizerSpec(
                section.real("lr", otherwise.lr()),
                section.real("weight_decay", otherwise.weightDecay()),
                section.texts("decay_exclude", otherwise.decayExclude()),
                new Betas(betas.low(), betas.high()),
                section.real("eps", otherwise.eps()),
                section.real("warmup_epochs", otherwise.warmupEpochs()),
                section.real("warmup_start", otherwise.warmupStart()),
                section.real("final_lr", otherwise.finalLr()));
    }

    private static ProbeSpec probe(Section section, ProbeSpec otherwise) {
        return new ProbeSpec(
                section.wholeOr("classes", "auto", otherwise.classes()),
                section.real("lr", otherwise.lr()),
                section.real("weight_decay", otherwise.weightDecay()),
                section.real("final_lr", otherwise.finalLr()));
    }

    private static TrainSpec train(Section section, TrainSpec otherwise) {
        return new TrainSpec(
                section.whole("epochs", otherwise.epochs()),
                section.wholeOr("steps", "null", otherwise.steps()),
                section.choice("precision", otherwise.precision()),
                section.choice("target", otherwise.target()),
                section.wholeOr("checkpoint_every_epochs", "null", otherwise.checkpointEveryEpochs()),
                section.wholeOr("checkpoint_every_steps", "null", otherwise.checkpointEverySteps()),
                section.whole("keep", otherwise.keep()),
                section.flag("sync_bn", otherwise.syncBn()),
                new MemorySpec(
                        section.wholeOr(
                                "micro_batches", "auto", otherwise.memory().microBatches()),
                        section.choice("recompute", otherwise.memory().recompute()),
                        section.optionalReal("memory_gb")));
    }
}
