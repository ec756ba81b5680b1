package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductChoiceTest {
    private static ProductTimes times(String product, int nodes, double fused, double apart) {
        return new ProductTimes(product, 4096, 1536, 384, nodes, fused, apart);
    }

    @Test
    void eachProductGoesTheWayThatIsFaster() {
        var choice = new ProductChoice(List.of(times("Product_0", 11, 0.4, 0.5), times("Product_1", 11, 0.5, 0.4)));
        assertEquals(Set.of("Product_1"), choice.apart());
    }

    @Test
    void allNodesOfAProductDecideTogether() {
        var few = times("Product_0", 1, 0.8, 0.5);
        assertEquals(Set.of(), new ProductChoice(List.of(times("Product_0", 11, 0.45, 0.5), few)).apart());
        assertEquals(Set.of("Product_0"), new ProductChoice(List.of(times("Product_0", 3, 0.45, 0.5), few)).apart());
    }

    @Test
    void whatIsAsFastHasTheKernelOfBoth() {
        assertEquals(Set.of(), new ProductChoice(List.of(times("Product_0", 5, 0.500, 0.495))).apart());
        assertEquals(Set.of("Product_0"), new ProductChoice(List.of(times("Product_0", 5, 0.500, 0.485))).apart());
        assertEquals(Set.of(), new ProductChoice(List.of()).apart());
    }

    @Test
    void theChoiceIsToldInOneLineWithBothTimes() {
        var choice = new ProductChoice(List.of(times("Product_0", 11, 0.4, 0.5), times("Product_1", 2, 0.5, 0.4)));
        assertEquals(
                "train.onnx: products with formulas, ms in one kernel and apart: "
                        + "Product_0 of 4096 x 1536 x 384, 11 times: 0.400, 0.500 (one kernel); "
                        + "Product_1 of 4096 x 1536 x 384, 2 times: 0.500, 0.400 (apart)",
                choice.describe("train.onnx"));
    }
}
