package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImageMemoryTest {
    private static final int ROOM_MEBIBYTES = 4;
    private static final long HALF = 2L << 20;

    @Test
    void twoImagesOfMoreThanHalfTheRoomFollowEachOther() throws InterruptedException {
        ImageMemory memory = new ImageMemory(0, ROOM_MEBIBYTES);
        ImageMemory.Block first = memory.take(HALF);
        CountDownLatch done = new CountDownLatch(1);
        Thread second = Thread.ofPlatform().start(() -> {
            memory.take(HALF).close();
            done.countDown();
        });
        assertFalse(done.await(100, TimeUnit.MILLISECONDS));
        first.close();
        assertTrue(done.await(20, TimeUnit.SECONDS));
        second.join();
    }

    @Test
    void whatTheMachineDoesNotHaveTakesNoRoom() {
        ImageMemory memory = new ImageMemory(0, ROOM_MEBIBYTES);
        for (int i = 0; i < 2; i++) {
            assertThrows(OutOfMemoryError.class, () -> memory.take(Long.MAX_VALUE / 2));
        }
        memory.take(HALF).close();
    }

    @Test
    void closedImageHasNoPixelsUntilTheNextOneTakesItsPlace() {
        RgbImage image = new RgbImage(new ImageMemory(0, ROOM_MEBIBYTES));
        image.reshape(3, 2);
        image.close();
        assertEquals(0, image.bytes());
        image.reshape(1, 1);
        image.putRow(0, new byte[] {7, 8, 9}, 0);
        assertEquals(8, image.toArray()[1]);
    }

    @Test
    void imageThatMovesBackToTheHeapKeepsNothingOutside() {
        RgbImage image = new RgbImage(new ImageMemory(12, ROOM_MEBIBYTES));
        image.reshape(2, 2);
        assertFalse(image.pixels().isNative());
        image.reshape(3, 3);
        assertTrue(image.pixels().isNative());
        image.reshape(2, 2);
        assertFalse(image.pixels().isNative());
        image.putRow(1, new byte[] {1, 2, 3, 4, 5, 6}, 0);
        assertEquals(6, image.toArray()[11]);
    }
}
