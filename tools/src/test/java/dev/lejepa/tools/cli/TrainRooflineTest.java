package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.roofline.Device;
import dev.lejepa.tools.run.StepPlan;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void bundle() throws IOException {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        BundleWriter.write(StepPlan.of(recipe, 3, Target.CUDA).bundle(), folder.resolve("bundle"));
    }

    private TrainRoofline roofline(Path bundle, Optional<Device> device) {
        return new TrainRoofline(() -> device, bundle, 4, told::add, told::add);
    }

    private TrainRoofline begun(Path bundle, Optional<Device> device) {
        var roofline = roofline(bundle, device);
        roofline.on(new TrainEvent.Started("run", 0, 10, 1, 10, 4, 1000, "cuda:0", 1));
        return roofline;
    }

    private TrainRoofline begun() {
        return begun(folder.resolve("bundle"), Optional.of(Device.of("h200")));
    }

    @Test
    void whatBoundsAStepIsToldBeforeTheFirst() {
        begun();
        assertEquals(1, told.size());
        assertTrue(told.getFirst().startsWith("no step is faster than "), told.getFirst());
        assertTrue(told.getFirst().contains("by the roofline of H200"), told.getFirst());
    }

    @Test
    void aStepIsTheBatchOverTheImagesOfASecond() {
        begun().ended(32);
        assertTrue(told.getLast().contains("measured 125.0 ms"), () -> "4 images at 32 a second");
    }

    @Test
    void aRunWithoutAStepHasNothingToCompare() {
        var roofline = begun();
        roofline.ended(Double.NaN);
        roofline.ended(0);
        assertEquals(1, told.size());
    }

    @Test
    void ofHostCoresAndUnknownDevicesNothingIsTold() {
        begun(folder.resolve("bundle"), Optional.empty()).ended(32);
        assertEquals(List.of(), told);
    }

    @Test
    void aBundleThatCannotBeCountedEndsNoRun() {
        begun(folder.resolve("none"), Optional.of(Device.of("h200"))).ended(32);
        assertEquals(1, told.size());
        assertTrue(told.getFirst().startsWith("a step's roofline is not known: "), told.getFirst());
    }
}
