package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WorkerCountTest {
    private static int window(WorkerCount count, long waited, long busy) {
        int more = 0;
        for (int i = 0; i < WorkerCount.WINDOW; i++) {
            more += count.more(waited, busy);
        }
        return more;
    }

    @Test
    void theFirstBatchesSayNothing() {
        WorkerCount count = new WorkerCount(new Workers(1, 8));
        assertEquals(0, window(count, 100, 10));
        assertEquals(1, window(count, 100, 10));
    }

    @Test
    void asManyThreadsAreAddedAsAreMissing() {
        WorkerCount count = new WorkerCount(new Workers(4, 16));
        window(count, 0, 100);
        assertEquals(2, window(count, 50, 100), "four threads take 150 for what six do in 100");
        assertEquals(0, window(count, 0, 100));
    }

    @Test
    void noThreadIsAddedWhereLittleIsWaited() {
        WorkerCount count = new WorkerCount(new Workers(1, 8));
        window(count, 0, 1000);
        assertEquals(0, window(count, 9, 1000));
        assertEquals(1, window(count, 11, 1000));
    }

    @Test
    void thereAreNeverMoreThreadsThanAllowed() {
        WorkerCount count = new WorkerCount(new Workers(1, 3));
        window(count, 1000, 1);
        assertEquals(1, window(count, 1000, 1));
        assertEquals(1, window(count, 1000, 1));
        assertEquals(0, window(count, 1000, 1));
    }

    @Test
    void aFixedNumberStaysAsItIs() {
        WorkerCount count = new WorkerCount(Workers.fixed(2));
        window(count, 1000, 1);
        assertEquals(0, window(count, 1000, 1));
    }
}
