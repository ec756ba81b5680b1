package dev.lejepa.tools.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleBuilder;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.config.RecipeWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutSummaryTest {
    private static final String RECIPE = """
            data: {batch: 8}
            views: {global: {count: 2, size: 16}, local: {count: 0}, blur: {p: 0}}
            model:
              backbone: {name: vit_tiny_patch16_224, img_size: 16, patch_size: 8, depth: 1, embed_dim: 24, num_heads: 2}
              projector: {hidden: [16], out: 6}
            probe: null
            """;

    private static Manifest manifest(Parts parts) {
        var recipe = RecipeFile.parse("test", RECIPE, List.of());
        return BundleBuilder.build(recipe, RecipeWriter.json(recipe), 0, Target.ORT, parts)
                .manifest();
    }

    @Test
    void theOrderOfAStepIsTold() {
        var lines = CutSummary.lines(manifest(new Parts(1, 4)));
        assertEquals(
                "  step       4 x 2 images: 4 x (forward), objective, 4 x (activations, backward), optimize",
                lines.getFirst());
        assertTrue(lines.get(1).startsWith("  handed     to objective: 1 tensors, "), lines::toString);
        assertTrue(lines.get(2).startsWith("  handed     to backward: "), lines::toString);
    }

    @Test
    void ofAStepThatIsNotCutThereIsNothingToTell() {
        assertEquals(List.of(), CutSummary.lines(manifest(Parts.WHOLE)));
    }
}
