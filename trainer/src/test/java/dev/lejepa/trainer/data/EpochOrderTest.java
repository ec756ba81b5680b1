package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
    @Test
    void orderIsAFunctionOfSeedAndEpoch() {
        EpochOrder order = new EpochOrder(3, new Ordering.Free(50), 8);
        assertArrayEquals(order.of(4), new EpochOrder(3, new Ordering.Free(50), 16).of(4));
        assertFalse(Arrays.equals(order.of(4), order.of(5)));
        assertFalse(Arrays.equals(order.of(4), new EpochOrder(2, new Ordering.Free(50), 8).of(4)));
    }

    @Test
    void theLastIncompleteBatchIsDropped() {
        assertEquals(6, new EpochOrder(0, new Ordering.Free(50), 8).stepsPerEpoch());
        assertEquals(1, new EpochOrder(0, new Ordering.Free(8), 8).stepsPerEpoch());
    }

    @Test
    void aBatchLargerThanTheDataIsRefused() {
        String message = assertThrows(BadInputException.class, () -> new EpochOrder(0, new Ordering.Free(7), 8))
                .getMessage();
        assertTrue(message.contains("data.batch is 8") && message.contains("only 7 images"), message);
    }

    @Test
    void anEmptyBatchIsRefused() {
        assertThrows(BadInputException.class, () -> new EpochOrder(0, new Ordering.Free(7), 0));
    }
}
