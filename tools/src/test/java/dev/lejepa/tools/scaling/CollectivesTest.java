package dev.lejepa.tools.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.cost.Speed;
import org.junit.jupiter.api.Test;

class CollectivesTest {
    /// Of sums of a few doubles.
    private static final double ROUNDING = 1e-12;

    private static Collectives of(int ranks, double latency) {
        var cluster = new Cluster(4, new Link(100, latency), new Link(10, latency), new Speed(1, 1, 1, 0), 1, true);
        return new Collectives(cluster, ranks);
    }

    @Test
    void oneProcessTakesNoTime() {
        assertEquals(0, of(1, 1).allReduce(1000));
        assertEquals(0, of(1, 1).allGather(1000));
    }

    @Test
    void aRingSendsAllButOnePartOnceToGatherAndTwiceToSum() {
        assertEquals(0.75 * 1000 / 100 + 3 * 0.5, of(4, 0.5).allGather(1000), ROUNDING);
        assertEquals(2 * (0.75 * 1000 / 100 + 3 * 0.5), of(4, 0.5).allReduce(1000), ROUNDING);
    }

    @Test
    void eachDeviceSendsItsOwnPartToOtherMachines() {
        var inside = 0.75 * 1000 / 100;
        assertEquals(inside + 0.5 * 250 / 10, of(8, 0).allGather(1000), ROUNDING);
        assertEquals(2 * inside + 2 * 0.5 * 250 / 10, of(8, 0).allReduce(1000), ROUNDING);
    }

    @Test
    void betweenManyMachinesSmallSumsTakeATree() {
        // 64 machines: a tree has 2 x 6 messages, a ring 2 x 63.
        var inside = 2 * 3.0;
        assertEquals(inside + 12, of(256, 1).allReduce(0), ROUNDING);
        assertTrue(of(256, 1).allReduce(0) < of(256, 1).allGather(0) * 2);
    }
}
