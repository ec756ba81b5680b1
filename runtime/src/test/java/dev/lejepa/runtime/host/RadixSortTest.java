package dev.lejepa.runtime.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RadixSortTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 16, 17, 255, 256, 257, 1000, 8191, 8192, 20_000})
    void randomValuesComeInOrderWithTheirPlaces(int length) {
        var random = new Random(length);
        assertSorted(values(length, i -> (float) random.nextGaussian()));
    }

    @Test
    void everyLengthUpToAThousandIsSorted() {
        var random = new Random(3);
        for (var length = 1; length <= 1000; length++) {
            assertSorted(values(length, i -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)))));
        }
    }

    @Test
    void oneSorterServesManyColumns() {
        var order = new RadixSort(50);
        var random = new Random(5);
        for (var column = 0; column < 20; column++) {
            assertSorted(order, values(50, i -> (float) random.nextGaussian()));
        }
    }

    @Test
    void equalValuesKeepTheirOrder() {
        assertSorted(values(500, i -> i * 7 % 5));
        assertSorted(values(500, i -> 1));
    }

    @Test
    void extremesComeWhereTheyBelong() {
        assertSorted(new float[] {
            Float.POSITIVE_INFINITY,
            0,
            Float.MIN_VALUE,
            -Float.MAX_VALUE,
            Float.NEGATIVE_INFINITY,
            -Float.MIN_VALUE,
            Float.MAX_VALUE,
            -1,
            1
        });
    }

    @Test
    void negativeZeroComesBeforeZero() {
        var keys = keys(new float[] {0f, -0f, 0f, -0f});
        new RadixSort(4).sort(keys);
        assertArrayEquals(
                new int[] {1, 3, 0, 2},
                Arrays.stream(keys).mapToInt(RadixSort::index).toArray());
        assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(RadixSort.value(keys[0])));
    }

    @Test
    void valuesThatAreNoNumbersComeLast() {
        var keys = keys(new float[] {Float.NaN, 2, Float.POSITIVE_INFINITY, -1});
        new RadixSort(4).sort(keys);
        assertArrayEquals(
                new int[] {3, 1, 2, 0},
                Arrays.stream(keys).mapToInt(RadixSort::index).toArray());
        assertTrue(Float.isNaN(RadixSort.value(keys[3])));
    }

    private static void assertSorted(float[] x) {
        assertSorted(new RadixSort(x.length), x);
    }

    private static void assertSorted(RadixSort order, float[] x) {
        var keys = keys(x);
        order.sort(keys);
        var expected = IntStream.range(0, x.length)
                .boxed()
                .sorted((i, j) -> Float.compare(x[i], x[j]))
                .mapToInt(Integer::intValue)
                .toArray();
        var places = Arrays.stream(keys).mapToInt(RadixSort::index).toArray();
        assertArrayEquals(expected, places);
        for (var i = 0; i < x.length; i++) {
            assertEquals(x[expected[i]], RadixSort.value(keys[i]));
        }
    }

    private static long[] keys(float[] x) {
        return IntStream.range(0, x.length)
                .mapToLong(i -> RadixSort.key(x[i], i))
                .toArray();
    }

    private interface Element {
        float at(int i);
    }

    private static float[] values(int length, Element element) {
        var x = new float[length];
        for (var i = 0; i < length; i++) {
            x[i] = element.at(i);
        }
        return x;
    }
}
