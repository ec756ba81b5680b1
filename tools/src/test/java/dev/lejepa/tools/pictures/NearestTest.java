package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.trainer.eval.Features;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void theNearestHaveTheLargestCosineWhateverTheirLength() {
        var rows = new Features(new float[] {0, 3, 4, 0, 1, 1, -2, 0, 0, 0, 8, 0}, 6, 2);
        var query = new Features(new float[] {9, 9, 5, 0}, 2, 2);
        var nearest = Nearest.of(rows, query, 1, 4);
        assertEquals(List.of(1, 5, 2, 0), nearest.stream().map(Nearest::row).toList());
        assertEquals(1, nearest.getFirst().similarity(), 1e-12);
        assertEquals(Math.sqrt(0.5), nearest.get(2).similarity(), 1e-7);
        assertEquals(6, Nearest.of(rows, query, 1, 10).size());
    }
}
