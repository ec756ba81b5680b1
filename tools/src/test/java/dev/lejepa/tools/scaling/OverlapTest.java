package dev.lejepa.tools.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.tools.scaling.Overlap.Bucket;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapTest {
    @Test
    void whereComputingTakesLongerOnlyTheLastSumIsWaitedFor() {
        assertEquals(7, Overlap.seconds(List.of(new Bucket(2, 1), new Bucket(2, 1), new Bucket(2, 1))));
    }

    @Test
    void whereSumsTakeLongerOnlyTheFirstComputingIsWaitedFor() {
        assertEquals(10, Overlap.seconds(List.of(new Bucket(1, 3), new Bucket(1, 3), new Bucket(1, 3))));
    }

    @Test
    void withoutSumsItIsComputing() {
        assertEquals(3, Overlap.seconds(List.of(new Bucket(1, 0), new Bucket(2, 0))));
    }
}
