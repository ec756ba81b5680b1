package dev.lejepa.trainer.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
    private final List<Integer> loaded = Collections.synchronizedList(new ArrayList<>());

    /// Blocks of ten bytes, each of them its number.
    private BlockCache cache(long room) {
        return new BlockCache(
                (block, arena) -> {
                    loaded.add(block);
                    return arena.allocate(10).fill((byte) block);
                },
                room);
    }

    private static void use(BlockCache cache, int block) throws IOException {
        try (var lease = cache.lease(block)) {
            assertEquals(block, lease.bytes().get(ValueLayout.JAVA_BYTE, 9));
        }
    }

    @Test
    void theBlocksUsedLastAreKept() throws IOException {
        try (var cache = cache(20)) {
            for (var block : List.of(1, 2, 1, 3, 1, 2)) {
                use(cache, block);
            }
        }
        assertEquals(List.of(1, 2, 3, 2), loaded);
    }

    @Test
    void aBlockInUseStays() throws IOException {
        try (var cache = cache(10)) {
            try (var held = cache.lease(1)) {
                use(cache, 2);
                use(cache, 3);
                assertEquals(1, held.bytes().get(ValueLayout.JAVA_BYTE, 0));
                use(cache, 1);
            }
        }
        assertEquals(List.of(1, 2, 3), loaded);
    }

    @Test
    void aBlockThatCannotBeReadIsTriedAgain() {
        var tries = new AtomicInteger();
        try (var cache = new BlockCache(
                (_, _) -> {
                    tries.incrementAndGet();
                    throw new IOException("no");
                },
                10)) {
            assertEquals(
                    "no", assertThrows(IOException.class, () -> cache.lease(1)).getMessage());
            assertThrows(IOException.class, () -> cache.lease(1));
        }
        assertEquals(2, tries.get());
    }

    @Test
    void manyThreadsReadABlockOnce() throws IOException {
        try (var cache = cache(1000)) {
            IntStream.range(0, 400).parallel().forEach(i -> {
                try {
                    use(cache, i % 4);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertTrue(loaded.size() == 4, loaded::toString);
    }
}
