package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
    @Test
    void clockThatJumpsIsFollowedNoMore() {
        var wall = new Events.Clock();
        var nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow at any time
        var steady = new SteadyClock(wall, nanos::get);
        assertEquals(Events.NOON, steady.instant());
        wall.advance(Duration.ofDays(-365));
        nanos.addAndGet(1_500_000_000);
        assertEquals(Events.NOON.plusMillis(1500), steady.instant());
        wall.advance(Duration.ofDays(36_500));
        nanos.addAndGet(1);
        assertEquals(Events.NOON.plusMillis(1500).plusNanos(1), steady.instant());
    }
}
