package dev.lejepa.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.recipe.Regularizer;
import dev.lejepa.tools.bench.LossSize.Dimension;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LossSizeTest {
    @ParameterizedTest
    @CsvSource({"EPPS_PULLEY, n k s p", "WATSON, n k s", "HZ, n k"})
    void onlyWhatATestHasGrows(Regularizer test, String expected) {
        var words = new LossSize(test, 2, 3, 4, 5)
                .dimensions().stream().map(Dimension::word).toList();
        assertEquals(expected, String.join(" ", words));
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void oneDimensionGrowsAndTheOthersStay(Dimension grown) {
        var size = new LossSize(Regularizer.EPPS_PULLEY, 2, 3, 4, 5);
        var larger = size.grown(grown, 3).orElseThrow();
        for (var dimension : Dimension.values()) {
            var before = size.along(dimension);
            var expected = dimension != grown ? before : grown == Dimension.P ? 13 : 3 * before;
            assertEquals(expected, larger.along(dimension), dimension.word());
        }
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void nothingGrowsBeyondWhatAShapeMayHave(Dimension grown) {
        var half = 1 << 30;
        var size = new LossSize(Regularizer.EPPS_PULLEY, half, half, half, half + 1);
        assertEquals(Optional.empty(), size.grown(grown, 2));
    }
}
