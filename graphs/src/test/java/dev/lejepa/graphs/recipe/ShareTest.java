package dev.lejepa.graphs.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareTest {
    @ParameterizedTest
    @CsvSource({"32,1", "32,2", "32,3", "7,7", "100,8", "33,2"})
    void sharesLieSideBySideAndDifferByOneImageAtMost(int batch, int ranks) {
        var next = 0;
        for (var rank = 0; rank < ranks; rank++) {
            var share = new Share(rank, ranks, batch);
            assertEquals(next, share.first());
            assertEquals(share.most(), share.images(), 1);
            next += share.images();
        }
        assertEquals(batch, next);
    }

    @Test
    void aBatchOfFewerImagesThanProcessesIsRefused() {
        var refused = assertThrows(IllegalArgumentException.class, () -> new Share(0, 3, 2));
        assertEquals("a batch of 2 images has no share for process 0 of 3", refused.getMessage());
    }
}
