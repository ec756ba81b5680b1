package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.tools.run.StepPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainRooflineTest {
    private static final String RECIPE = """
            data: {batch: 4}
            views: {global: {count: 2, size: 16}, local: {count: 0}}
            model:
              backbone:
                {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 32, num_heads: 2, num_classes: 12}
              projector: {hidden: [16], out: 8}
            loss: {dialect: minimal, slices: 16}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void bundle() throws IOException {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        BundleWriter.write(StepPlan.of(recipe, 3, Target.CUDA).bundle(), folder.resolve("bundle"));
    }

    private Optional<String> told(double imagesPerSecond) throws IOException {
        return TrainRoofline.describe(folder.resolve("bundle"), 4, imagesPerSecond, Device.of("h200"));
    }

    @Test
    void aStepIsTheBatchOverTheImagesOfASecond() throws IOException {
        assertTrue(told(32).orElseThrow().contains("measured 125.0 ms"), () -> "4 images at 32 a second");
    }

    @Test
    void aRunWithoutAStepHasNothingToCompare() throws IOException {
        assertEquals(Optional.empty(), told(Double.NaN));
        assertEquals(Optional.empty(), told(0));
    }
}
