package dev.lejepa.graphs.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.Recipe;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The stages of a step that is cut, as the manifest has them.
class CutStepTest {
    private static final int BATCH = 12;

    private static Bundle bundle(Parts parts, int width) {
        var d = Recipe.defaults();
        var backbone = BackboneSpec.named("vit_tiny_patch16_224", 0.1, 64)
                .with("patch_size", 14)
                .with("depth", 4)
                .with("embed_dim", width);
        var recipe = d.withData(d.data().withBatch(BATCH))
                .withModel(new ModelSpec(backbone, d.model().projector()));
        return BundleBuilder.build(recipe, JsonNodeFactory.instance.objectNode(), 5, Target.ORT, parts);
    }

    private static Bundle bundle(Parts parts) {
        return bundle(parts, 48);
    }

    private static List<String> stages(Bundle bundle) {
        return bundle.manifest().stages().stream().map(Manifest.Stage::name).toList();
    }

    /// The text on record is that of a step that knows nothing of parts. Whoever changes what a step computes writes
    /// it anew.
    @Test
    void aStepInOnePartIsOneGraphAsItWasBefore() throws NoSuchAlgorithmException {
        var bundle = bundle(Parts.WHOLE);
        assertEquals(List.of("train", "optimize"), stages(bundle));
        var text = bundle.graph("train.onnx").toString().getBytes(StandardCharsets.UTF_8);
        var hash = MessageDigest.getInstance("SHA-256").digest(text);
        assertEquals("c22f260762cdc3c7", HexFormat.of().formatHex(hash).substring(0, 16));
    }

    @Test
    void microBatchesRunForwardTwice() {
        var manifest = bundle(new Parts(1, 4)).manifest();
        assertEquals(
                List.of("forward", "objective", "activations", "backward", "optimize"),
                stages(bundle(new Parts(1, 4))));
        assertEquals(new Manifest.MicroBatches(4, 3), manifest.microBatches());
        assertEquals("forward", manifest.stages().get(2).repeats());
        assertEquals(
                List.of(true, false, true, true, false),
                manifest.stages().stream().map(Manifest.Stage::perMicroBatch).toList());
    }

    @Test
    void oneMicroBatchOfEachProcessRunsForwardOnce() {
        assertEquals(List.of("activations", "objective", "backward", "optimize"), stages(bundle(new Parts(2, 1))));
    }

    @Test
    void gradientsOfAWideBackboneComeInBuckets() {
        var bundle = bundle(new Parts(2, 1), 768); // 4 blocks of 28 MB
        var stages = stages(bundle);
        assertTrue(stages.contains("backward.4"), stages.toString());
        var written = new HashSet<String>();
        for (var stage : bundle.manifest().stages()) {
            var bytes = 0L;
            for (var out : stage.outputs()) {
                if (out instanceof StageOutput.State s && stage.perMicroBatch()) {
                    assertTrue(written.add(s.state()), s.state() + " is written twice");
                    bytes += 4 * s.shape().stream().reduce(1L, (a, b) -> a * b);
                }
            }
            assertTrue(bytes < 30e6, stage.name() + " has " + bytes + " bytes of gradients");
        }
        assertTrue(written.contains("grad/patch_embed.proj.weight"));
    }

    @Test
    void statesAreThoseOfTheWholeStep() {
        var whole = bundle(Parts.WHOLE).manifest();
        for (var parts : List.of(new Parts(1, 4), new Parts(3, 1))) {
            assertEquals(whole.states(), bundle(parts).manifest().states());
            assertEquals(whole.groups(), bundle(parts).manifest().groups());
        }
    }

    @Test
    void everythingThatIsHandedOverWasMadeBefore() {
        for (var parts : List.of(new Parts(1, 4), new Parts(3, 2))) {
            var made = new HashSet<String>();
            for (var stage : bundle(parts).manifest().stages()) {
                for (var in : stage.inputs()) {
                    assertTrue(!(in instanceof StageInput.Handed) || made.contains(in.name()), in.name());
                    assertFalse(in instanceof StageInput.Data, in.name());
                }
                stage.outputs().forEach(o -> made.add(o.name()));
            }
        }
    }

    @Test
    void aBatchOfFewerImagesThanProcessesIsRefused() {
        var refused = assertThrows(BadInputException.class, () -> bundle(new Parts(13, 1)));
        assertEquals("data.batch is 12, fewer images than the 13 processes that share them", refused.getMessage());
    }
}
