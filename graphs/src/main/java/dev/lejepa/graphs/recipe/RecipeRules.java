package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.Text;
import java.util.List;

/// What a recipe must fulfil beyond having the right keys and types. What needs the model is checked by
/// `models.BackboneRules`, what needs the images where those are known.
public final class RecipeRules {
    private final FaultList faults = new FaultList();

    private RecipeRules() {}

    /// Every fault of `recipe`, in the order of its keys; empty where it can be used.
    public static List<Fault> faults(Recipe recipe) {
        var rules = new RecipeRules();
        rules.data(recipe.data());
        rules.views(recipe.views());
        rules.backbone(recipe.model().backbone());
        rules.projector(recipe.model().projector());
        rules.loss(recipe.loss());
        rules.optimizer(recipe.optimizer(), recipe.train());
        recipe.probe().ifPresent(rules::probe);
        rules.train(recipe.train());
        rules.microBatches(recipe.train().memory(), recipe.data().batch());
        return rules.faults.faults();
    }

    private void data(DataSpec data) {
        sources("data.train", data.train());
        sources("data.val", data.val());
        if (data.val().stream().anyMatch(source -> source.weight().isPresent())) {
            faults.add("data.val", "has weights, but of held-out images each comes once; name its sources alone");
        }
        faults.atLeast("data.batch", data.batch(), 1);
        faults.atLeast("data.workers", data.workers(), 1);
        faults.probability("data.max_broken", data.maxBroken());
        faults.atLeast("data.max_pixels", data.maxPixels(), 1);
    }

    private void sources(String key, List<SourceSpec> sources) {
        if (sources.stream().anyMatch(source -> source.path().isEmpty())) {
            faults.add(key, "is empty, must name images, or be null for none");
        }
        for (var source : sources) {
            source.weight().stream()
                    .filter(weight -> !(weight > 0 && Double.isFinite(weight)))
                    .forEach(weight -> faults.add(
                            key, Text.format("gives %s the weight %s, must be above 0", source.path(), weight)));
        }
    }

    private void views(ViewsSpec views) {
        crop("views.global", views.global(), 1);
        crop("views.local", views.local(), 0);
        faults.range("views.ratio", views.ratio(), Double.POSITIVE_INFINITY);
        faults.probability("views.flip", views.flip());
        jitter(views.jitter());
        faults.probability("views.grayscale", views.grayscale());
        blur(views);
        faults.probability("views.solarize.p", views.solarize().p());
        faults.within("views.solarize.threshold", views.solarize().threshold(), 0, 255);
        ColorRules.check(views, faults);
        if (views.onDevice() && !views.asGraph()) {
            faults.add(
                    "views.on",
                    Text.format(
                            "is device, where views may have at most %d px and must have more than half of the blur's kernel, %d px; use host",
                            CropSpec.LARGEST_AS_GRAPH, views.blur().kernel() / 2));
        }
    }

    private void crop(String key, CropSpec crop, int fewest) {
        faults.atLeast(key + ".count", crop.count(), fewest);
        faults.atLeast(key + ".size", crop.size(), 1);
        faults.range(key + ".scale", crop.scale(), 1);
    }

    private void jitter(JitterSpec jitter) {
        faults.probability("views.jitter.p", jitter.p());
        faults.notNegative("views.jitter.brightness", jitter.brightness());
        faults.notNegative("views.jitter.contrast", jitter.contrast());
        faults.notNegative("views.jitter.saturation", jitter.saturation());
        faults.within("views.jitter.hue", jitter.hue(), 0, 0.5);
    }

    private void blur(ViewsSpec views) {
        BlurSpec blur = views.blur();
        faults.probability("views.blur.p", blur.p());
        faults.odd("views.blur.kernel", blur.kernel(), 1);
        faults.range("views.blur.sigma", blur.sigma(), Double.POSITIVE_INFINITY);
        int smallest = views.local().count() > 0
                ? Math.min(views.global().size(), views.local().size())
                : views.global().size();
        // The border is mirrored, and a mirror cannot show more than the image has.
        if (blur.p() > 0 && blur.kernel() / 2 >= smallest && smallest > 0) {
            faults.add(
                    "views.blur.kernel",
                    Text.format("is %d, must be less than twice the smallest view's %d px", blur.kernel(), smallest));
        }
    }

    private void backbone(BackboneSpec backbone) {
        if (backbone.name().isBlank()) {
            faults.add("model.backbone.name", "is empty, must be a model's name such as vit_small_patch16_224");
        }
        if (backbone.weights().filter(String::isEmpty).isPresent()) {
            faults.add("model.backbone.weights", "is empty, must name a file of weights, or be null for none");
        }
    }

    private void projector(ProjectorSpec projector) {
        for (int width : projector.hidden()) {
            faults.atLeast("model.projector.hidden", width, 1);
        }
        faults.atLeast("model.projector.out", projector.out(), 1);
    }

    private void loss(LossSpec loss) {
        if (loss.dialect() == Dialect.POOLED) {
            faults.notNegative("loss.lambda", loss.lambda());
        } else {
            faults.within("loss.lambda", loss.lambda(), 0, 1);
        }
        faults.atLeast("loss.slices", loss.slices(), 1);
        faults.odd("loss.knots", loss.knots(), 3);
        faults.positive("loss.t_max", loss.tMax());
    }

    private void optimizer(OptimizerSpec optimizer, TrainSpec train) {
        faults.positive("optimizer.lr", optimizer.lr());
        faults.notNegative("optimizer.weight_decay", optimizer.weightDecay());
        faults.below("optimizer.betas", optimizer.betas().first(), 0, 1);
        faults.below("optimizer.betas", optimizer.betas().second(), 0, 1);
        faults.positive("optimizer.eps", optimizer.eps());
        faults.within("optimizer.warmup_epochs", optimizer.warmupEpochs(), 0, Math.max(1, train.epochs()));
        faults.within("optimizer.warmup_start", optimizer.warmupStart(), 0, 1);
        faults.within("optimizer.final_lr", optimizer.finalLr(), 0, 1);
    }

    private void probe(ProbeSpec probe) {
        faults.atLeast("probe.classes", probe.classes(), 2);
        faults.positive("probe.lr", probe.lr());
        faults.notNegative("probe.weight_decay", probe.weightDecay());
        faults.within("probe.final_lr", probe.finalLr(), 0, 1);
    }

    private void train(TrainSpec train) {
        faults.atLeast("train.epochs", train.epochs(), 1);
        faults.atLeast("train.steps", train.steps(), 1);
        if (train.precision() == Precision.BF16 && train.target() == Target.PORTABLE) {
            faults.add(
                    "train.precision",
                    "is bf16, which train.target portable does not have: few runtimes compute standard operators in"
                            + " bfloat16; use fp32 or target ort");
        }
        if (train.syncBn() && train.target() == Target.PORTABLE) {
            faults.add(
                    "train.sync_bn",
                    "is true, which train.target portable does not have: no standard operator knows of other processes;"
                            + " use target ort");
        }
        faults.atLeast("train.checkpoint_every_epochs", train.checkpointEveryEpochs(), 1);
        faults.atLeast("train.checkpoint_every_steps", train.checkpointEverySteps(), 1);
        faults.atLeast("train.keep", train.keep(), 1);
        memory(train.memory());
    }

    private void memory(MemorySpec memory) {
        memory.gigabytes().ifPresent(gigabytes -> faults.positive("train.memory_gb", gigabytes));
        if (memory.gigabytes().isEmpty()) {
            var problem = "is auto, which needs train.memory_gb: the memory that a run may take, in 10^9 bytes";
            if (memory.microBatches().isEmpty()) {
                faults.add("train.micro_batches", problem);
            }
            if (memory.recompute() == Recompute.AUTO) {
                faults.add("train.recompute", problem);
            }
        }
    }

    private void microBatches(MemorySpec memory, int batch) {
        var key = "train.micro_batches";
        faults.atLeast(key, memory.microBatches(), 1);
        memory.microBatches().stream()
                .filter(count -> count > batch && batch > 0)
                .forEach(count ->
                        faults.add(key, Text.format("is %d, must be at most data.batch, which is %d", count, batch)));
    }
}
