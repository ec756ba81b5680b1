package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderingTest {
    private static final Ordering BLOCKS = new Ordering.InBlocks(new Blocks(List.of(5, 3, 4, 6, 2), 2));

    private static int block(int image) {
        return image < 5 ? 0 : image < 8 ? 1 : image < 12 ? 2 : image < 18 ? 3 : 4;
    }

    @Test
    void aPassVisitsEveryImageOnceWindowByWindow() {
        var windows = new HashSet<List<Integer>>();
        for (var pass = 0; pass < 20; pass++) {
            var order = BLOCKS.pass(1, pass);
            assertArrayEquals(
                    IntStream.range(0, 20).toArray(),
                    IntStream.of(order).sorted().toArray());
            // the blocks in the order of their first images: two are open at a time
            var blocks = IntStream.of(order)
                    .map(OrderingTest::block)
                    .distinct()
                    .boxed()
                    .toList();
            windows.add(blocks);
            for (var block = 2; block < 5; block += 2) {
                var next = blocks.get(block);
                var begin = IntStream.range(0, 20)
                        .filter(i -> block(order[i]) == next)
                        .findFirst()
                        .orElseThrow();
                var before = blocks.subList(0, block);
                assertFalse(Arrays.stream(order, begin, 20).anyMatch(image -> before.contains(block(image))));
            }
        }
        assertNotEquals(1, windows.size());
    }

    @Test
    void theOrderIsAFunctionOfSeedAndPass() {
        assertArrayEquals(BLOCKS.pass(1, 2), BLOCKS.pass(1, 2));
        assertFalse(Arrays.equals(BLOCKS.pass(1, 2), BLOCKS.pass(1, 3)));
        assertFalse(Arrays.equals(BLOCKS.pass(1, 2), BLOCKS.pass(2, 2)));
    }

    @Test
    void imagesOfAWindowAreMixed() {
        var order = BLOCKS.pass(1, 0);
        var changes = IntStream.range(1, 20)
                .filter(i -> block(order[i]) != block(order[i - 1]))
                .count();
        assertNotEquals(4, changes); // that would be one block after another
    }

    @Test
    void aMixtureOfOneHasTheOrderOfThatOne() {
        for (var ordering : List.of(BLOCKS, new Ordering.Free(20))) {
            var mixed = new Ordering.Mixed(List.of(new Ordering.Share(ordering, 20)));
            for (var pass = 0; pass < 3; pass++) {
                assertArrayEquals(ordering.pass(9, pass), mixed.pass(9, pass));
            }
        }
    }

    @Test
    void whatComesAgainInAnEpochIsDrawnAnew() {
        var mixed = new Ordering.Mixed(
                List.of(new Ordering.Share(new Ordering.Free(2), 6), new Ordering.Share(new Ordering.Free(8), 4)));
        var visits = new EpochOrders(new EpochOrder(0, mixed, 5)).of(0);
        assertEquals(10, IntStream.of(visits.identities()).distinct().count());
        assertEquals(
                4,
                IntStream.of(visits.identities())
                        .filter(identity -> identity >= 10)
                        .count());
        assertArrayEquals(
                IntStream.of(visits.images()).distinct().toArray(),
                IntStream.of(visits.identities())
                        .filter(identity -> identity < 10)
                        .toArray());
    }
}
