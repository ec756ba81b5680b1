package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsCommandTest {
    @Test
    void aPatternListsTheModelsThatMatchIt() {
        var models = Told.by("models", "vit_tiny_*", "--json").json().get("models");
        assertEquals(
                List.of("vit_tiny_patch16_224", "vit_tiny_patch16_384"),
                models.valueStream().map(model -> model.get("name").textValue()).toList());
        var first = models.get(0);
        assertEquals("vision_transformer", first.get("family").textValue());
        assertEquals(5_717_416, first.get("parameters").longValue());
        assertEquals(192, first.get("width").longValue());
        assertEquals(224, first.get("image_size").longValue());
        // 12 blocks of 24 dim^2 and 4 tokens dim for each of 197 tokens, and little else
        var products = 12.0 * 197 * (24 * 192 * 192 + 4 * 197 * 192);
        assertEquals(1, first.get("flops").longValue() / products, 0.05);
        assertFalse(first.has("tensors"), "only where they are asked for");
    }

    @Test
    void tensorsOfAModelHaveTimmsNames() {
        var told = Told.by("models", "swin_tiny_patch4_window7_224", "--tensors");
        assertTrue(
                told.out().contains("    parameter layers.3.blocks.1.attn.relative_position_bias_table [169, 24]"),
                told.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vit_tiny_patch16_225|no model matches 'vit_tiny_patch16_225'; the nearest name is 'vit_tiny_patch16_224'",
                "vit_[|is no pattern such as"
            })
    void whatMatchesNothingIsRefused(String pattern, String message) {
        var told = Told.by("models", pattern);
        assertEquals(ExitCode.BAD_INPUT, told.code());
        assertTrue(told.err().contains(message), told.err());
    }
}
