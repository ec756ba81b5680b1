package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    private static final Key KEY = Key.of(3);

    private static float[] drawn(long offset, int count) {
        var values = new float[count];
        Fill.normal(KEY, offset, MemorySegment.ofArray(values), 0, 1);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7, 20})
    void normalRowsAreTheSameInBlocksOfAnySize(int block) {
        var columns = 3;
        var n = 20;
        var rows = Rows.normal(KEY, columns);
        var found = new float[n * columns];
        var part = new float[block * columns + 1];
        for (var first = 0; first < n; first += block) {
            var count = Math.min(block, n - first);
            rows.read(first, count, part);
            System.arraycopy(part, 0, found, first * columns, count * columns);
        }
        assertArrayEquals(drawn(0, n * columns), found);
    }

    @Test
    void normalRowsGoOnBeyondWhatAnArrayHolds() {
        var columns = 1 << 20;
        var found = new float[columns];
        Rows.normal(KEY, columns).read(5000, 1, found);
        assertArrayEquals(drawn(5000L << 20, 8), Arrays.copyOf(found, 8));
    }
}
