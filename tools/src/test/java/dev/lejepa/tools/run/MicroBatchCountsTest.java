package dev.lejepa.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.tools.config.RecipeFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchCountsTest {
    private static MicroBatchCounts of(String model, int batch, int ranks) {
        var recipe = RecipeFile.parse(
                "test", "views: {local: {count: 0}}", List.of("model.backbone.name=" + model, "data.batch=" + batch));
        return MicroBatchCounts.of(recipe, ranks);
    }

    private static String refusal(String model, int batch, int ranks) {
        return assertThrows(BadInputException.class, () -> of(model, batch, ranks))
                .getMessage();
    }

    @Test
    void powersOfTwoAndDivisorsAreTried() {
        assertEquals(
                List.of(1, 2, 3, 4, 6, 12), of("vit_tiny_patch16_224", 12, 1).all());
        assertEquals(List.of(1, 2, 4, 7), of("vit_tiny_patch16_224", 20, 3).all(), "of 7 images");
    }

    @Test
    void countsThatHoldNoMoreImagesAreTheFewestOfThatSize() {
        assertEquals(32, of("vit_tiny_patch16_224", 64, 1).of(33));
        assertEquals(5, of("vit_tiny_patch16_224", 20, 4).of(64));
        assertEquals(8, of("vit_tiny_patch16_224", 64, 1).of(8));
    }

    @Test
    void whereBatchesAreNormalizedPartsAreEqualAndHaveTwoImages() {
        assertEquals(List.of(1, 2, 3, 4, 6), of("resnet18", 24, 2).all());
        assertEquals(6, of("resnet18", 24, 2).of(6));
        var thrown = assertThrows(
                BadInputException.class, () -> of("resnet18", 24, 2).of(12));
        assertTrue(thrown.getMessage().contains("train.micro_batches is 12"), thrown.getMessage());
        assertThrows(BadInputException.class, () -> of("resnet18", 24, 2).of(5));
    }

    @Test
    void aBatchThatProcessesCannotShareIsRefused() {
        assertTrue(
                refusal("vit_tiny_patch16_224", 3, 4).contains("data.batch is 3, fewer images than the 4 processes"));
        assertTrue(refusal("resnet18", 25, 2)
                .contains("it must be a multiple of the 2 processes, with at least 2 images"));
    }
}
