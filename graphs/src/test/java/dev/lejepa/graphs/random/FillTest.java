package dev.lejepa.graphs.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FillTest {
    private static final Key KEY = Key.of(0).fold("blocks.0.attn.qkv.weight");

    static Stream<Arguments> fills() {
        return Stream.of(
                Arguments.of("normal", (Fill.Part) (at, to) -> Fill.normal(KEY, at, to, 1, 2)),
                Arguments.of("uniform", (Fill.Part) (at, to) -> Fill.uniform(KEY, at, to, -1, 2)),
                Arguments.of("bernoulli", (Fill.Part) (at, to) -> Fill.bernoulli(KEY, at, to, 0.3)),
                Arguments.of("truncated", (Fill.Part) (at, to) -> Fill.truncatedNormal(KEY, at, to, 0, 1, -1, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fills")
    void partsHaveTheBytesOfOneFill(String name, Fill.Part fill) {
        float[] whole = new float[5000];
        fill.fill(0, MemorySegment.ofArray(whole));
        float[] parts = new float[whole.length];
        int[] cuts = {0, 1, 2, 5, 5, 1030, 1031, 4000, 5000};
        for (int i = cuts.length - 1; i > 0; i--) {
            int from = cuts[i - 1];
            long bytes = (cuts[i] - from) * (long) Float.BYTES;
            fill.fill(from, MemorySegment.ofArray(parts).asSlice(from * (long) Float.BYTES, bytes));
        }
        assertArrayEquals(whole, parts);
    }

    @Test
    void parallelFillHasTheBytesOfASequentialOne() {
        float[] sequential = new float[(1 << 21) + 77];
        Fill.normal(KEY, 0, MemorySegment.ofArray(sequential), 0, 0.02);
        float[] parallel = new float[sequential.length];
        Fill.parallel(MemorySegment.ofArray(parallel), (at, to) -> Fill.normal(KEY, at, to, 0, 0.02));
        assertArrayEquals(sequential, parallel);
    }

    @Test
    void bytesAreWrittenToUnalignedHeapMemoryToo() {
        byte[] bytes = new byte[4 * 10];
        Fill.normal(KEY, 0, MemorySegment.ofArray(bytes), 0, 1);
        float[] floats = new float[10];
        Fill.normal(KEY, 0, MemorySegment.ofArray(floats), 0, 1);
        assertEquals(-1, MemorySegment.ofArray(bytes).mismatch(MemorySegment.ofArray(floats)));
    }

    /// Expected values: quantiles, by Python, of the words of a second implementation of key schedule and Philox.
    @Test
    void firstNormalsOfAParameterAreThese() {
        float[] x = new float[4];
        Fill.normal(KEY, 0, MemorySegment.ofArray(x), 0, 1);
        double[] expected = {-1.4207701336248257, -0.17442963263295125, 0.9501327283537389, -0.9764465327617325};
        for (int i = 0; i < x.length; i++) {
            assertEquals((float) expected[i], x[i]);
        }
    }

    /// One million draws: the standard errors of mean, standard deviation and kurtosis are 0.001, 0.0007 and 0.005.
    @Test
    void normalsHaveTheMomentsOfANormal() {
        double[] moments = moments((at, to) -> Fill.normal(KEY, at, to, 0.5, 2));
        assertEquals(0.5, moments[0], 0.01);
        assertEquals(2, moments[1], 0.008);
        assertEquals(3, moments[2], 0.025);
    }

    @Test
    void uniformsHaveTheMomentsOfAUniform() {
        double[] moments = moments((at, to) -> Fill.uniform(KEY, at, to, -1, 3));
        assertEquals(1, moments[0], 0.006);
        assertEquals(4 / Math.sqrt(12), moments[1], 0.003);
        assertEquals(1.8, moments[2], 0.01);
    }

    @Test
    void bernoulliIsOneAsOftenAsAsked() {
        assertEquals(0.9, moments((at, to) -> Fill.bernoulli(KEY, at, to, 0.9))[0], 0.0015);
    }

    /// A normal cut at 2 standard deviations on both sides has standard deviation 0.87963.
    @Test
    void truncatedNormalsStayInsideAndKeepTheirShape() {
        float[] x = new float[1_000_000];
        Fill.truncatedNormal(KEY, 0, MemorySegment.ofArray(x), 0, 0.02, -0.04, 0.04);
        for (float value : x) {
            assertTrue(Math.abs(value) <= 0.04f);
        }
        double[] moments = moments((at, to) -> Fill.truncatedNormal(KEY, at, to, 0, 0.02, -0.04, 0.04));
        assertEquals(0.02 * 0.87963, moments[1], 0.0001);
    }

    @Test
    void truncationToAnIntervalBesideTheMeanIsRefused() {
        MemorySegment to = MemorySegment.ofArray(new float[1]);
        assertThrows(IllegalArgumentException.class, () -> Fill.truncatedNormal(KEY, 0, to, 0, 1, 5, 8));
    }

    private static double[] moments(Fill.Part fill) {
        float[] x = new float[1_000_000];
        fill.fill(0, MemorySegment.ofArray(x));
        double sum = 0;
        for (float value : x) {
            sum += value;
        }
        double mean = sum / x.length;
        double second = 0;
        double fourth = 0;
        for (float value : x) {
            double square = (value - mean) * (value - mean);
            second += square;
            fourth += square * square;
        }
        second /= x.length;
        return new double[] {mean, Math.sqrt(second), fourth / x.length / (second * second)};
    }
}
