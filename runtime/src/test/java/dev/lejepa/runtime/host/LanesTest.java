package dev.lejepa.runtime.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanesTest {
    /// Elements before a tile: an odd number, so that no word of memory is aligned.
    private static final int BEFORE = 3;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void whatIsLoadedAndStoredStaysTheSame(DType type) {
        for (var n : new int[] {1, 2, 3, 30, 31, 1023, 1024, 1025, 1026, 2047, 3001}) {
            try (var arena = Arena.ofConfined()) {
                var from = random(arena, type, n);
                var to = arena.allocate(from.byteSize());
                var tile = Lanes.of(type, n, 1);
                elements(type, from).load(BEFORE, tile, n);
                elements(type, to).store(tile, BEFORE, n);
                from.asSlice(0, (long) BEFORE * type.bytes()).fill((byte) 0);
                from.asSlice((long) (BEFORE + n) * type.bytes()).fill((byte) 0);
                assertEquals(-1, from.mismatch(to), "of " + n + " elements");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void anArrayHasEveryElementWhereItSays(DType type) {
        for (var n : new int[] {1, 2, 7, 8, 1027}) {
            try (var arena = Arena.ofConfined()) {
                var memory = random(arena, type, n);
                var x = elements(type, memory);
                var array = new float[n];
                x.load(BEFORE, array, n);
                for (var place = 0; place < n; place++) {
                    assertEquals(value(type, memory, BEFORE + x.element(place, n)), array[place]);
                }
            }
        }
    }

    @Test
    void numbersAreRoundedToTheNearestBFloat16() {
        var numbers = new float[1001];
        var random = new Random(1);
        for (var i = 0; i < numbers.length; i++) {
            // half of them lie in the middle between two
            var bits = random.nextInt() & (i % 2 == 0 ? 0x7fffffff : 0x7fff0000) | (i % 2 == 0 ? 0 : 0x8000);
            numbers[i] = Float.intBitsToFloat(bits & 0xbfffffff);
        }
        numbers[10] = Float.NaN;
        numbers[11] = Float.NaN;
        numbers[1000] = Float.NEGATIVE_INFINITY;
        try (var arena = Arena.ofConfined()) {
            var tile = Lanes.of(DType.BFLOAT16, numbers.length, 1);
            tile.repeat(numbers);
            var to = arena.allocate(2L * numbers.length);
            elements(DType.BFLOAT16, to).store(tile, 0, numbers.length);
            for (var i = 0; i < numbers.length; i++) {
                assertEquals((float) BFloat16.round(numbers[i]), value(DType.BFLOAT16, to, i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void rowsAreRepeatedAndAddedUpChannelByChannel(DType type) {
        for (var channels : new int[] {1, 2, 3, 6, 65}) {
            for (var rows : new int[] {1, 2, 5, 8}) {
                var row = new float[channels];
                var sums = new double[channels];
                for (var i = 0; i < channels; i++) {
                    row[i] = i + 1;
                    sums[i] = 100 + rows * (i + 1);
                }
                var tile = Lanes.of(type, channels, rows);
                tile.repeat(row);
                assertArrayEquals(row, tile.firstRow());
                var total = IntStream.range(0, channels).mapToDouble(_ -> 100).toArray();
                tile.addTo(total);
                assertArrayEquals(sums, total);
            }
        }
    }

    private static MemorySegment random(Arena arena, DType type, int n) {
        var bytes = new byte[(BEFORE + n + 2) * type.bytes()];
        new Random(n).nextBytes(bytes);
        var memory = arena.allocate(bytes.length, Float.BYTES);
        for (var i = 0; i < bytes.length; i++) {
            // the upper byte has no exponent of infinity: a NaN's bits may change
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i % 2 == 1 ? bytes[i] & 0xbf : bytes[i]));
        }
        return memory;
    }

    private static Elements elements(DType type, MemorySegment memory) {
        return new Elements(type, memory.address(), memory.byteSize() / type.bytes());
    }

    private static float value(DType type, MemorySegment memory, int at) {
        return type == DType.FLOAT32
                ? memory.getAtIndex(ValueLayout.JAVA_FLOAT, at)
                : (float) BFloat16.value(memory.getAtIndex(ValueLayout.JAVA_SHORT, at));
    }
}
