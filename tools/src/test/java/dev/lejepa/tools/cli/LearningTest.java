package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.trainer.demo.DemoSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run from images to an encoder's features, long enough to see it learn.
class LearningTest {
    private static final String RECIPE = """
            data: {batch: 32}
            views:
              global: {count: 4, size: 32, scale: [0.3, 1.0]}
              local: {count: 0}
              blur: {p: 0}
            model:
              backbone:
                {name: vit_tiny_patch16_224, img_size: 32, patch_size: 8, depth: 2, embed_dim: 64, num_heads: 2, num_classes: 64}
              projector: {hidden: [128], out: 16}
            loss: {dialect: minimal, lambda: 0.05, slices: 64}
            optimizer: {lr: 2e-3, warmup_epochs: 1}
            train: {epochs: 20}
            """;

    private static final int FEW = 20;

    @TempDir
    Path folder;

    @Test
    void minuteOfTrainingLowersTheLossAndSpreadsTheProjections() throws IOException {
        var project = new TinyProject(folder);
        DemoSet.write(folder, 3, 32, 8); // 320 images to train with: ten steps an epoch
        Files.writeString(project.recipe(), RECIPE);
        var told = project.trained("run", "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var steps = project.metrics("run", "step");
        assertEquals(200, steps.size());
        var first = steps.subList(0, FEW);
        var last = steps.subList(steps.size() - FEW, steps.size());
        // Untrained networks map all images to nearly one place: SIGReg is many times what normal projections give, 1.
        assertTrue(
                mean(last, "sigreg") < 0.6 * mean(first, "sigreg"),
                () -> mean(first, "sigreg") + " to " + mean(last, "sigreg"));
        assertTrue(
                mean(last, "loss") < 0.8 * mean(first, "loss"),
                () -> mean(first, "loss") + " to " + mean(last, "loss"));
        // One step over another may be worse, ten epochs over another may not.
        assertTrue(mean(steps.subList(100, 200), "loss") < mean(steps.subList(0, 100), "loss"));
        assertEquals(20, project.metrics("run", "epoch").size());
        assertTrue(told.json().get("val_top1").asDouble() >= 0, told.out());
        embed(project);
    }

    private static void embed(TinyProject project) throws IOException {
        var out = project.run("features.npy");
        var told = Told.by(
                "embed",
                "--encoder",
                project.run("run").resolve("encoder.onnx").toString(),
                "--data",
                project.val().toString(),
                "--out",
                out.toString(),
                "--json");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(80, told.json().get("images").asInt());
        assertEquals(64, told.json().get("width").asInt());
        assertTrue(Files.size(out) > 80 * 64 * Float.BYTES);
    }

    private static double mean(List<JsonNode> steps, String key) {
        return steps.stream()
                .mapToDouble(step -> step.get(key).asDouble())
                .average()
                .orElseThrow();
    }
}
