package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochOrdersTest {
    private static EpochOrders.Visits visits(Ordering ordering) {
        return new EpochOrders(new EpochOrder(3, ordering, 2)).of(1);
    }

    /// Three images, one of which makes half of an epoch of eight.
    @Test
    void anImageThatComesAgainInAnEpochHasOtherDraws() {
        var visits = visits(new Ordering.Mixed(
                List.of(new Ordering.Share(new Ordering.Free(1), 4), new Ordering.Share(new Ordering.Free(2), 4))));
        assertEquals(4, IntStream.of(visits.images()).filter(i -> i == 0).count());
        assertEquals(8, IntStream.of(visits.identities()).distinct().count());
        for (int place = 0; place < 8; place++) {
            int identity = visits.identities()[place];
            assertTrue(identity == visits.images()[place] || identity >= 3, "place " + place);
        }
    }

    @Test
    void anImageThatComesOnceHasTheDrawsOfItsNumber() {
        var visits = visits(new Ordering.Free(9));
        assertArrayEquals(visits.images(), visits.identities());
    }
}
