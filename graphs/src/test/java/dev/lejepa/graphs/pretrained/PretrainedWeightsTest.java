package dev.lejepa.graphs.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.weights.StoredTensor;
import dev.lejepa.graphs.weights.WeightsNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// A vision transformer of two blocks, 4 wide with 2 heads, and its weights as others name and lay them out.
class PretrainedWeightsTest {
    private static final int DIM = 4;
    private static final int HEADS = 2;

    /// What the model wants, under timm's names.
    private static SequencedMap<String, List<Long>> vit(int classes) {
        var shapes = new LinkedHashMap<String, List<Long>>();
        shapes.put("cls_token", List.of(1L, 1L, 4L));
        shapes.put("pos_embed", List.of(1L, 5L, 4L));
        shapes.put("patch_embed.proj.weight", List.of(4L, 3L, 2L, 2L));
        shapes.put("patch_embed.proj.bias", List.of(4L));
        for (int i = 0; i < 2; i++) {
            String block = "blocks." + i + ".";
            shapes.put(block + "norm1.weight", List.of(4L));
            shapes.put(block + "norm1.bias", List.of(4L));
            shapes.put(block + "attn.qkv.weight", List.of(12L, 4L));
            shapes.put(block + "attn.qkv.bias", List.of(12L));
            shapes.put(block + "attn.proj.weight", List.of(4L, 4L));
            shapes.put(block + "attn.proj.bias", List.of(4L));
            shapes.put(block + "norm2.weight", List.of(4L));
            shapes.put(block + "norm2.bias", List.of(4L));
            shapes.put(block + "mlp.fc1.weight", List.of(8L, 4L));
            shapes.put(block + "mlp.fc1.bias", List.of(8L));
            shapes.put(block + "mlp.fc2.weight", List.of(4L, 8L));
            shapes.put(block + "mlp.fc2.bias", List.of(4L));
        }
        shapes.put("norm.weight", List.of(4L));
        shapes.put("norm.bias", List.of(4L));
        shapes.put("head.weight", List.of((long) classes, 4L));
        shapes.put("head.bias", List.of((long) classes));
        return shapes;
    }

    private static ModelShapes model(SequencedMap<String, List<Long>> shapes) {
        return new ModelShapes("vit_test", shapes, Optional.of(new PatchGrid(2, 2)));
    }

    /// Different numbers in every place.
    private static SequencedMap<String, StoredTensor> weights(SequencedMap<String, List<Long>> shapes) {
        var weights = new LinkedHashMap<String, StoredTensor>();
        int next = 1;
        for (var entry : shapes.entrySet()) {
            var values =
                    new float[entry.getValue().stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = next++;
            }
            weights.put(entry.getKey(), StoredTensor.of(entry.getValue(), values));
        }
        return weights;
    }

    private static SequencedMap<String, StoredTensor> renamed(
            SequencedMap<String, StoredTensor> weights, UnaryOperator<String> name) {
        var out = new LinkedHashMap<String, StoredTensor>();
        weights.forEach((old, tensor) -> out.put(name.apply(old), tensor));
        return out;
    }

    private static WeightsNode.Group group(SequencedMap<String, StoredTensor> tensors) {
        var entries = new LinkedHashMap<String, WeightsNode>();
        tensors.forEach((name, tensor) -> entries.put(name, new WeightsNode.Leaf(tensor)));
        return new WeightsNode.Group(entries);
    }

    private static Fit.Result fit(SequencedMap<String, StoredTensor> tensors, ModelShapes model) {
        return PretrainedWeights.fit("w.pth", group(tensors), model);
    }

    private static void assertSame(SequencedMap<String, StoredTensor> expected, Fit.Result found) {
        assertEquals(expected.keySet(), found.tensors().keySet(), found.report().line());
        expected.forEach((name, tensor) -> {
            var whole = found.tensors().get(name).whole();
            assertEquals(tensor.shape(), whole.shape(), name);
            assertArrayEquals(tensor.floats(), whole.floats(), name);
        });
    }

    @Test
    void timmsOwnNamesAreTakenAsTheyAre() {
        var weights = weights(vit(3));
        var found = fit(weights, model(vit(3)));
        assertSame(weights, found);
        assertEquals(
                "w.pth: 32 of 32 tensors loaded (timm's names)", found.report().line());
    }

    @Test
    void prefixesAreSeenThroughWhateverTheyAre() {
        var weights = weights(vit(3));
        for (var prefix : List.of("module.", "_orig_mod.", "model.backbone.", "module.encoder.vit.", "anything.")) {
            assertSame(weights, fit(renamed(weights, name -> prefix + name), model(vit(3))));
        }
    }

    @Test
    void averagesOverTrainingArePreferredToWhatTheyAverage() {
        var weights = weights(vit(3));
        var other = renamed(weights, name -> name);
        other.replaceAll((_, tensor) -> StoredTensor.zeros(tensor.shape()));
        var entries = new LinkedHashMap<String, WeightsNode>();
        entries.put("epoch", new WeightsNode.Other("the number 3", false));
        entries.put("encoder", group(renamed(other, name -> "module." + name)));
        entries.put("predictor", group(renamed(other, name -> "module." + name)));
        entries.put("target_encoder", group(renamed(weights, name -> "module." + name)));
        var found = PretrainedWeights.fit("w.pth", new WeightsNode.Group(entries), model(vit(3)));
        assertSame(weights, found);
        assertTrue(
                found.report().line().contains("under target_encoder.module"),
                found.report().line());
    }

    /// One tensor as transformers has it: its name there, and for attention three of them.
    private static SequencedMap<String, StoredTensor> transformers(
            SequencedMap<String, StoredTensor> weights, boolean five) {
        var names = new LinkedHashMap<String, String>();
        names.put("patch_embed.proj", "embeddings.patch_embeddings.projection");
        names.put("cls_token", "embeddings.cls_token");
        names.put("pos_embed", "embeddings.position_embeddings");
        names.put("blocks.", five ? "layers." : "encoder.layer.");
        names.put("norm1", "layernorm_before");
        names.put("norm2", "layernorm_after");
        names.put("attn.proj", five ? "attention.o_proj" : "attention.output.dense");
        names.put("mlp.fc1", five ? "mlp.fc1" : "intermediate.dense");
        names.put("mlp.fc2", five ? "mlp.fc2" : "output.dense");
        var out = new LinkedHashMap<String, StoredTensor>();
        weights.forEach((name, tensor) -> {
            var theirs = name;
            for (var entry : names.entrySet()) {
                theirs = theirs.replace(entry.getKey(), entry.getValue());
            }
            theirs = theirs.startsWith("norm.") ? "layernorm" + theirs.substring(4) : theirs;
            if (name.contains("attn.qkv")) {
                var parts = five ? List.of("q_proj", "k_proj", "v_proj") : List.of("query", "key", "value");
                for (int part = 0; part < 3; part++) {
                    var place = five ? "attention." : "attention.attention.";
                    out.put(
                            "vit." + theirs.replace("attn.qkv", place + parts.get(part)),
                            tensor.slice(0, (long) part * DIM, (long) (part + 1) * DIM));
                }
            } else if (name.startsWith("head")) {
                out.put(name.replace("head", "classifier"), tensor);
            } else {
                out.put("vit." + theirs, tensor);
            }
        });
        out.put("vit.embeddings.mask_token", StoredTensor.zeros(List.of(1L, 1L, 4L)));
        return out;
    }

    @Test
    void namesOfTransformersAreUnderstoodOldAndNew() {
        var weights = weights(vit(3));
        for (var five : List.of(false, true)) {
            var found = fit(transformers(weights, five), model(vit(3)));
            assertSame(weights, found);
            assertEquals(
                    "w.pth: 32 of 32 tensors loaded (Hugging Face's names, under vit);"
                            + " left out of the file: vit.embeddings.mask_token",
                    found.report().line());
        }
    }

    @Test
    void keysWithoutABiasHaveZeros() {
        var weights = weights(vit(3));
        var theirs = transformers(weights, false);
        theirs.keySet().removeIf(name -> name.endsWith("attention.key.bias"));
        var found = fit(theirs, model(vit(3)));
        var bias = found.tensors().get("blocks.1.attn.qkv.bias").whole().floats();
        var expected = weights.get("blocks.1.attn.qkv.bias").floats();
        Arrays.fill(expected, DIM, 2 * DIM, 0);
        assertArrayEquals(expected, bias);
    }

    /// A product as JAX has it, and back: the transpose of a transpose.
    private static StoredTensor turned(StoredTensor tensor) {
        return StoredTensor.of(
                tensor.permute(1, 0).shape(), tensor.permute(1, 0).floats());
    }

    @Test
    void layoutsOfJaxAreTurnedIntoTorchs() {
        var weights = weights(vit(3));
        var theirs = new LinkedHashMap<String, StoredTensor>();
        weights.forEach((name, tensor) -> {
            var jax = name.replaceAll("blocks\\.(\\d)\\.", "Transformer/encoderblock_$1/")
                    .replace("norm1.weight", "LayerNorm_0/scale")
                    .replace("norm1.bias", "LayerNorm_0/bias")
                    .replace("norm2.weight", "LayerNorm_2/scale")
                    .replace("norm2.bias", "LayerNorm_2/bias")
                    .replace("mlp.fc1.", "MlpBlock_3/Dense_0/")
                    .replace("mlp.fc2.", "MlpBlock_3/Dense_1/")
                    .replace("cls_token", "cls")
                    .replace("pos_embed", "Transformer/posembed_input/pos_embedding")
                    .replace("patch_embed.proj.", "embedding/")
                    .replaceAll("^norm.weight", "Transformer/encoder_norm/scale")
                    .replaceAll("^norm.bias", "Transformer/encoder_norm/bias")
                    .replace("head.", "head/")
                    .replaceAll("/weight$", "/kernel");
            long width = DIM / HEADS;
            if (name.contains("attn.qkv")) {
                for (int part = 0; part < 3; part++) {
                    var one = tensor.slice(0, (long) part * DIM, (long) (part + 1) * DIM);
                    var heads = name.endsWith("weight")
                            ? turned(one).reshape(List.of((long) DIM, (long) HEADS, width))
                            : one.reshape(List.of((long) HEADS, width));
                    var word = List.of("query", "key", "value").get(part);
                    theirs.put(
                            jax.replace("attn.qkv.weight", "MultiHeadDotProductAttention_1/" + word + "/kernel")
                                    .replace("attn.qkv.bias", "MultiHeadDotProductAttention_1/" + word + "/bias"),
                            heads);
                }
            } else if (name.contains("attn.proj.weight")) {
                theirs.put(
                        jax.replace("attn.proj.weight", "MultiHeadDotProductAttention_1/out/kernel"),
                        turned(tensor).reshape(List.of((long) HEADS, width, (long) DIM)));
            } else if (name.contains("attn.proj.bias")) {
                theirs.put(jax.replace("attn.proj.bias", "MultiHeadDotProductAttention_1/out/bias"), tensor);
            } else if (tensor.shape().size() == 4) {
                var turned = tensor.permute(2, 3, 1, 0);
                theirs.put(jax, StoredTensor.of(turned.shape(), turned.floats()));
            } else {
                theirs.put(jax, tensor.shape().size() == 2 ? turned(tensor) : tensor);
            }
        });
        theirs.put("pre_logits/kernel", StoredTensor.zeros(List.of(4L, 4L)));
        var found = fit(theirs, model(vit(3)));
        assertSame(weights, found);
        assertEquals(
                "w.pth: 32 of 32 tensors loaded (JAX's names); left out of the file: pre_logits.kernel",
                found.report().line());
    }

    @Test
    void checkpointsOfFacebookAreReadChunkedWithRegistersAndGates() {
        var shapes = vit(3);
        shapes.remove("head.weight");
        shapes.remove("head.bias");
        shapes.put("reg_token", List.of(1L, 2L, 4L));
        shapes.put("pos_embed", List.of(1L, 4L, 4L)); // a position for each patch alone
        shapes.put("blocks.0.ls1.gamma", List.of(4L));
        var weights = weights(shapes);
        var theirs = renamed(
                weights,
                name -> name.replace("blocks.1.", "blocks.0.1.")
                        .replace("reg_token", "register_tokens")
                        .replace("mlp.fc1", "mlp.w12")
                        .replace("mlp.fc2", "mlp.w3"));
        var positions = new float[5 * DIM];
        System.arraycopy(weights.get("pos_embed").floats(), 0, positions, DIM, 4 * DIM);
        positions[0] = 100;
        theirs.put("pos_embed", StoredTensor.of(List.of(1L, 5L, 4L), positions));
        theirs.put("mask_token", StoredTensor.zeros(List.of(1L, 4L)));
        var found = fit(theirs, model(shapes));
        var token = weights.get("cls_token").floats();
        token[0] += 100;
        weights.put("cls_token", StoredTensor.of(List.of(1L, 1L, 4L), token));
        assertSame(weights, found);
    }

    @Test
    void aHeadForOtherClassesIsLeftOut() {
        var weights = weights(vit(10));
        var found = fit(weights, model(vit(3)));
        assertFalse(found.tensors().containsKey("head.weight"));
        assertFalse(found.tensors().containsKey("head.bias"));
        assertTrue(
                found.report().line().contains("head.* left out (10 classes in the file, 3 here)"),
                found.report().line());
    }

    @Test
    void aHeadThatTheModelLacksIsLeftOutAndOneThatTheFileLacksIsMadeAnew() {
        var without = vit(3);
        without.keySet().removeIf(name -> name.startsWith("head."));
        assertTrue(fit(weights(vit(3)), model(without))
                .report()
                .line()
                .endsWith("left out of the file: head.weight, head.bias"));
        assertTrue(fit(weights(without), model(vit(3)))
                .report()
                .line()
                .endsWith("not in the file, made anew: head.weight, head.bias"));
    }

    @Test
    void positionsOfAnotherGridAreResampledAndTheClassTokensKept() {
        var other = vit(3);
        other.put("pos_embed", List.of(1L, 10L, 4L));
        var weights = weights(other);
        var constant = new float[10 * DIM];
        for (int i = 0; i < constant.length; i++) {
            constant[i] = i < DIM ? 7 : i % DIM;
        }
        weights.put("pos_embed", StoredTensor.of(List.of(1L, 10L, 4L), constant));
        var found = fit(weights, model(vit(3)));
        // Each column is the same everywhere, and weights of a filter add up to one.
        var expected = new float[] {7, 7, 7, 7, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
        assertArrayEquals(expected, found.tensors().get("pos_embed").whole().floats(), 1e-6f);
        assertTrue(
                found.report().line().contains("pos_embed resampled from 3 x 3 to 2 x 2 patches"),
                found.report().line());
    }

    @Test
    void aModelWithoutClassTokenTakesThePatchesPositionsAlone() {
        var bare = vit(3);
        bare.remove("cls_token");
        bare.put("pos_embed", List.of(1L, 4L, 4L));
        var weights = weights(vit(3));
        var found = fit(weights, model(bare));
        var all = weights.get("pos_embed").floats();
        assertArrayEquals(
                Arrays.copyOfRange(all, DIM, all.length),
                found.tensors().get("pos_embed").whole().floats());
    }

    @Test
    void aClassTokenThatTheFileLacksIsMadeAnew() {
        var bare = vit(3);
        bare.remove("cls_token");
        bare.put("pos_embed", List.of(1L, 4L, 4L));
        var weights = weights(bare);
        var found = fit(weights, model(vit(3)));
        assertFalse(found.tensors().containsKey("cls_token"));
        var positions = found.tensors().get("pos_embed").whole().floats();
        assertArrayEquals(new float[DIM], Arrays.copyOf(positions, DIM));
        assertArrayEquals(weights.get("pos_embed").floats(), Arrays.copyOfRange(positions, DIM, positions.length));
    }

    @Test
    void theLastNormIsTheOneAfterPoolingWhereAModelPoolsFirst() {
        var pooled = vit(3);
        pooled.remove("norm.weight");
        pooled.remove("norm.bias");
        pooled.put("fc_norm.weight", List.of(4L));
        pooled.put("fc_norm.bias", List.of(4L));
        var weights = weights(vit(3));
        var found = fit(weights, model(pooled));
        assertArrayEquals(
                weights.get("norm.bias").floats(),
                found.tensors().get("fc_norm.bias").whole().floats());
    }

    @Test
    void allThatFitsNowhereIsToldAtOnce() {
        var other = vit(3);
        other.put("blocks.0.mlp.fc1.weight", List.of(16L, 4L));
        other.put("blocks.1.mlp.fc1.weight", List.of(16L, 4L));
        other.remove("norm.bias");
        other.put("blocks.2.norm1.weight", List.of(4L));
        other.put("pos_embed", List.of(1L, 8L, 4L));
        var fault = assertThrows(BadInputException.class, () -> fit(weights(other), model(vit(3))));
        assertEquals(
                "w.pth does not fit vit_test (timm's names):"
                        + " pos_embed is [1, 8, 4] in the file where the model has [1, 5, 4];"
                        + " blocks.*.mlp.fc1.weight (2) is [16, 4] in the file where the model has [8, 4];"
                        + " norm.bias [4] is not in the file;"
                        + " blocks.2.norm1.weight [4] is in the file and not in the model",
                fault.getMessage());
    }

    @Test
    void aFileOfSomethingElseIsToldByItsNames() {
        var strange = new LinkedHashMap<String, StoredTensor>();
        strange.put("lstm.weight", StoredTensor.zeros(List.of(2L)));
        var fault = assertThrows(BadInputException.class, () -> fit(strange, model(vit(3))));
        assertTrue(fault.getMessage().contains("lstm.weight"), fault.getMessage());
        var whole = new WeightsNode.Group(
                new LinkedHashMap<>(Map.of("model", new WeightsNode.Other("an object of class a.Model", true))));
        fault = assertThrows(BadInputException.class, () -> PretrainedWeights.fit("w.pth", whole, model(vit(3))));
        assertTrue(fault.getMessage().contains("a.Model"), fault.getMessage());
    }

    @Test
    void anyPartOfAJoinedTensorIsReadAlone() {
        var parts = new ArrayList<StoredTensor>();
        for (int i = 0; i < 3; i++) {
            parts.add(StoredTensor.of(List.of(2L), 2 * i, 2 * i + 1));
        }
        var joined = JoinedTensor.join(parts);
        assertEquals(List.of(6L), joined.shape());
        for (int first = 0; first < 6; first++) {
            for (int count = 1; first + count <= 6; count++) {
                var part = new float[count];
                joined.read(first, MemorySegment.ofArray(part));
                for (int i = 0; i < count; i++) {
                    assertEquals(first + i, part[i]);
                }
            }
        }
    }
}
