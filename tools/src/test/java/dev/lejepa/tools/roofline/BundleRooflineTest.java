package dev.lejepa.tools.roofline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleWriter;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleRooflineTest {
    private static final Device DEVICE = Device.of("h200");

    private static final String RECIPE = """
            data: {batch: 4}
            views: {global: {count: 2, size: 16}, local: {count: 0}}
            model:
              backbone:
                {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 32, num_heads: 2, num_classes: 12}
              projector: {hidden: [16], out: 8}
            loss: {dialect: minimal, slices: 16}
            train: {precision: bf16}
            """;

    @TempDir
    private Path folder;

    private Path bundle(Target target, String... changes) throws IOException {
        var recipe = RecipeFile.parse("test", RECIPE, List.of(changes));
        var made = folder.resolve(target.name());
        BundleWriter.write(StepPlan.of(recipe, 3, target).bundle(), made);
        return made;
    }

    @Test
    void aBundleForHostCoresIsCountedAsItsRecipeWouldBeOnADevice() throws IOException {
        var cuda = BundleRoofline.of(bundle(Target.CUDA), DEVICE);
        var host = BundleRoofline.of(bundle(Target.ORT), DEVICE);
        assertEquals(Optional.empty(), cuda.note());
        assertTrue(host.note().orElseThrow().contains("was made for host cores"));
        assertEquals(cuda.roofline(), host.roofline());
    }

    @Test
    void aStepHasItsAttentionAndOneUpdateOfAllWeights() throws IOException {
        var classes = BundleRoofline.of(bundle(Target.CUDA), DEVICE).roofline().classes();
        assertEquals(
                4, classes.get(OperatorClass.ATTENTION).launches(), "one forward, two backward, the sums of a bias");
        assertEquals(1, classes.get(OperatorClass.OPTIMIZER).launches());
    }

    @ParameterizedTest
    @CsvSource({"60, 4", "384, 2", "512, 2"})
    void headsOfAnyWidthHaveThem(int width, int heads) throws IOException {
        for (var precision : List.of("bf16", "fp32")) {
            var made = bundle(
                    Target.CUDA,
                    "model.backbone.embed_dim=" + width,
                    "model.backbone.num_heads=" + heads,
                    "train.precision=" + precision);
            var classes = BundleRoofline.of(made, DEVICE).roofline().classes();
            assertEquals(4, classes.get(OperatorClass.ATTENTION).launches());
        }
    }

    @Test
    void widerHeadsAreScoresInMemory() throws IOException {
        var made = bundle(Target.CUDA, "model.backbone.embed_dim=264", "model.backbone.num_heads=1");
        var classes = BundleRoofline.of(made, DEVICE).roofline().classes();
        assertFalse(classes.containsKey(OperatorClass.ATTENTION));
    }

    @Test
    void aStepOnFloatsHasTheSameKernelsOfAttention() throws IOException {
        var classes = BundleRoofline.of(bundle(Target.CUDA, "train.precision=fp32"), DEVICE)
                .roofline()
                .classes();
        assertEquals(4, classes.get(OperatorClass.ATTENTION).launches());
    }

    @Test
    void aPortableBundleIsCountedAsItIs() throws IOException {
        var portable =
                BundleRoofline.of(bundle(Target.PORTABLE, "train.target=portable", "train.precision=fp32"), DEVICE);
        assertEquals(Optional.empty(), portable.note());
        assertEquals(0, portable.roofline().classes().get(OperatorClass.ROWS).launches());
        assertTrue(portable.roofline().classes().get(OperatorClass.PRODUCTS).launches() > 0);
    }

    /// Else ONNX Runtime's update reads the step in host memory, and cannot be recorded with the rest.
    @Test
    void theUpdatesOfADeviceAreNotToldTheStepByTheHost() throws IOException {
        var stages = BundleFolder.read(bundle(Target.CUDA)).manifest().stages();
        var told = stages.stream()
                .flatMap(stage -> stage.inputs().stream())
                .filter(StageInput.StepNumber.class::isInstance)
                .toList();
        assertEquals(List.of(), told);
    }

    @Test
    void aMeasuredStepIsToldBesideItsBoundAndThePeak() throws IOException {
        var roofline = BundleRoofline.of(bundle(Target.CUDA), DEVICE).roofline();
        var bound = roofline.sum().seconds();
        var classes = roofline.classes();
        var products = classes.get(OperatorClass.PRODUCTS).flops()
                + classes.get(OperatorClass.ATTENTION).flops();
        var measured = new MeasuredStep(roofline, 2 * bound);
        assertEquals(2, measured.overBound(), 1e-12, "one rounding");
        assertEquals(products / (2 * bound * 989e12), measured.utilization(), 1e-12, "the peak, not four fifths of it");
        assertTrue(measured.inOneLine().contains("2.00x"), measured.inOneLine());
    }

    @Test
    void aFolderWithoutABundleIsRefused() throws IOException {
        var empty = Files.createDirectory(folder.resolve("empty"));
        assertThrows(BadInputException.class, () -> BundleRoofline.of(empty, DEVICE));
    }
}
