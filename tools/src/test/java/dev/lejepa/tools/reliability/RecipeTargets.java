package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What people write by hand: recipes and assignments.
final class RecipeTargets {
    private static final String WHOLE = """
            # everything that a recipe can say
            seed: 11
            data: {train: photos/train, val: null, batch: 4, workers: 2}
            views:
              global: {count: 2, size: 16, scale: [0.3, 1.0]}
              local: {count: 1, size: 8, scale: [0.1, 0.3]}
              blur: {p: 0.5, kernel: 3, sigma: [0.1, 2.0]}
              mean: [0.485, 0.456, 0.406]
            model:
              backbone: {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 24, num_heads: 2}
              projector:
                hidden: [16]
                out: 6
            loss: &loss {dialect: minimal, slices: 16, lambda: 0.05, regularizer: epps_pulley, test: {knots: 17}}
            optimizer: {lr: 2e-3, warmup_epochs: 1, betas: [0.9, 0.95], decay_exclude: ["bias", 'norm']}
            probe: {classes: auto}
            train: {epochs: 8, precision: fp32, micro_batches: 2, recompute: auto, memory_gb: 4.5, checkpoint_every_steps: null}
            """;

    private static final List<String> WORDS = List.of(
            ": ",
            ", ",
            "- ",
            "\n",
            "\n  ",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "#",
            "&a ",
            "*a",
            "&a [*a]",
            "<<: *loss",
            "<<: ",
            "? ",
            "|\n",
            ">-\n",
            "!!binary ",
            "!!java.lang.String ",
            "%YAML 1.2\n",
            "---\n",
            "...\n",
            "\\n",
            "\u0000",
            "\u0085",
            "~",
            "null",
            "yes",
            "loss: ",
            "train.epochs=",
            "data.train=",
            "views.mean=[",
            "=",
            ".");

    private RecipeTargets() {}

    static FuzzTarget recipe(Path scratch) {
        var file = scratch.resolve("fuzz.yaml");
        var seeds = Mutator.bytes(List.of(WHOLE, RecipeWriter.yaml(RecipeFile.parse("whole", WHOLE, List.of()))));
        return FuzzTarget.of(Format.RECIPE, seeds, WORDS, input -> {
            Files.write(file, input);
            checkRoundTrip(RecipeFile.read(file, List.of()));
        });
    }

    /// One assignment a line.
    static FuzzTarget assignments() {
        var seeds = Mutator.bytes(List.of(
                "train.epochs=3\ndata.train=photos/no 1 #x: y\nloss.test.knots=9",
                "views.mean=[0.5, 0.5, 0.5]\nloss={dialect: pooled}\nmodel.backbone.name=vit_tiny_patch16_224",
                "optimizer.decay_exclude=[bias]\nseed=1e3\ntrain.steps=null\nviews.local.count=0"));
        return FuzzTarget.of(Format.SET, seeds, WORDS, input -> {
            var lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
            checkRoundTrip(RecipeFile.parse("whole", WHOLE, List.of(lines)));
        });
    }

    /// A recipe that was taken is written into the run's folder and must be the same when the run is resumed.
    private static void checkRoundTrip(Recipe recipe) {
        var again = RecipeFile.parse("written again", RecipeWriter.yaml(recipe), List.of());
        if (!again.equals(recipe)) {
            throw new IllegalStateException("a recipe is another after it was written and read");
        }
    }
}
