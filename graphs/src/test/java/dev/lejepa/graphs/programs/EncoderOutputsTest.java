package dev.lejepa.graphs.programs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.models.TimmCase;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers and attention of small models beside timm's (`tools/interop/timm_outputs.py`).
class EncoderOutputsTest {
    /// Double precision on both sides; sums have another order, and timm resamples positions in single precision.
    private static final double TOLERANCE = 1e-6;

    static List<String> cases() {
        return TimmCase.lines("outputs.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void layersAreTimms(String line) {
        var given = TimmCase.of(line);
        var found = given.compute((model, s, images) -> EncoderOutputs.layers(model, s, images, 2));
        var width = found.dim(1) / 2;
        var told = IntStream.of(0, 1)
                .flatMap(layer -> IntStream.range(0, 3).map(i -> found.dim(1) + layer * width + i))
                .mapToDouble(found::get)
                .toArray();
        assertArrayEquals(given.expected().getFirst(), told, TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void attentionIsTimms(String line) {
        var given = TimmCase.of(line);
        var expected = given.expected().getLast();
        if (expected.length == 0) {
            var refused = assertThrows(BadInputException.class, () -> given.compute(EncoderOutputs::attention));
            assertTrue(refused.getMessage().contains(given.model().family()), refused.getMessage());
            return;
        }
        var found = given.compute(EncoderOutputs::attention); // [2, heads, T, T]
        var heads = found.dim(1);
        var tokens = found.dim(3);
        var told = IntStream.range(0, heads)
                .map(head -> ((heads + head) * tokens + tokens - 1) * tokens)
                .flatMap(row -> IntStream.range(row, row + 3))
                .mapToDouble(found::get)
                .toArray();
        assertArrayEquals(expected, told, TOLERANCE);
        assertRowsSumToOne(found, tokens);
    }

    private static void assertRowsSumToOne(NdArray shares, int tokens) {
        for (var row = 0; row < shares.size(); row += tokens) {
            assertEquals(
                    1,
                    IntStream.range(row, row + tokens).mapToDouble(shares::get).sum(),
                    1e-12);
        }
        assertTrue(DoubleStream.of(shares.data()).allMatch(share -> share >= 0));
    }

    @Test
    void blocksThatDoNotExistOrAreNarrowerAreRefused() {
        var vit = refusal("vit_tiny_patch16_224", 13);
        assertTrue(vit.contains("layers 13: the vision_transformer has 12 blocks"), vit);
        var resnet = refusal("resnet18", 3);
        assertTrue(resnet.contains("layers 3") && resnet.contains("only 2"), resnet);
    }

    private static String refusal(String name, int layers) {
        var backbone = Registry.build(BackboneSpec.named(name));
        var request = EncoderRequest.plain().withLayers(layers);
        return assertThrows(BadInputException.class, () -> EvaluateGraph.encoder(backbone, request))
                .getMessage();
    }

    /// The last block's projection, the final norm and all blocks before are there once.
    @Test
    void whatOutputsShareIsComputedOnce() {
        var backbone = Registry.build(BackboneSpec.named("vit_tiny_patch16_224"));
        var plain = nodes(EvaluateGraph.encoder(backbone, EncoderRequest.plain()));
        var more = nodes(EvaluateGraph.encoder(backbone, new EncoderRequest(OptionalInt.empty(), 2, true)));
        assertTrue(more - plain < 20, plain + " nodes became " + more);
    }

    private static int nodes(EvaluateGraph.Built built) {
        return built.graph().nodes().size();
    }
}
