package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWKernelTest {
    /// Half of the distance between 1 and the next float32.
    private static final double HALF_ULP = 0x1p-24;

    private static final float LR = 1e-3f;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double WEIGHT_DECAY = 0.05;

    static Stream<Arguments> sizesAndSteps() {
        return Stream.of(1, 2, 17, 1023, 1024, 1025, 140_001)
                .flatMap(size -> Stream.of(1L, 2L, 1000L, 1_000_000L).map(step -> Arguments.of(size, step)));
    }

    /// Each result is the end of at most six roundings of float32.
    @ParameterizedTest
    @MethodSource("sizesAndSteps")
    void updateIsThatOfDoublePrecision(int size, long step) {
        try (var arena = Arena.ofConfined()) {
            var tensors = new Tensors(arena, size, step).apart(arena);
            run(tensors, false);
            for (var i = 0; i < size; i++) {
                var g = (double) tensors.value(3, i);
                var m = BETA1 * tensors.value(4, i) + (1 - BETA1) * g;
                var v = BETA2 * tensors.value(5, i) + (1 - BETA2) * g * g;
                var parts = Math.abs(BETA1 * tensors.value(4, i)) + Math.abs((1 - BETA1) * g);
                assertEquals(m, tensors.result(1, i), 4 * HALF_ULP * parts);
                assertEquals(v, tensors.result(2, i), 4 * HALF_ULP * v);
                var deviation = Math.sqrt(v / (1 - Math.pow(BETA2, step))) + EPSILON;
                var scale = LR / (1 - Math.pow(BETA1, step)) / deviation;
                var weight = tensors.value(2, i);
                var expected = weight * (1 - LR * WEIGHT_DECAY) - scale * m;
                var error = 6 * HALF_ULP * (Math.abs(weight) + scale * parts);
                assertEquals(expected, tensors.result(0, i), error);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1024, 70_003})
    void resultsMayLieWhereOperandsDo(int size) {
        try (var arena = Arena.ofConfined()) {
            var apart = new Tensors(arena, size, 3).apart(arena);
            var inPlace = new Tensors(arena, size, 3).inPlace(arena);
            run(apart, true);
            run(inPlace, true);
            for (var k = 0; k < 4; k++) {
                assertEquals(-1, apart.outputs.get(k).mismatch(inPlace.outputs.get(k)));
            }
            assertEquals(3, inPlace.inputs.get(1).get(JAVA_LONG, 0)); // it is not counted up
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1023, 1025, 70_003})
    void copyIsTheNewWeightRounded(int size) {
        try (var arena = Arena.ofConfined()) {
            var tensors = new Tensors(arena, size, 5).inPlace(arena);
            run(tensors, true);
            var weights = tensors.outputs.get(0).toArray(JAVA_FLOAT);
            assertArrayEquals(rounded(weights), tensors.outputs.get(3).toArray(JAVA_SHORT));
        }
    }

    @Test
    void roundingGoesToTheNearestAndToEvenOnesBetweenTwo() {
        var special = new float[] {
            0f,
            -0f,
            1f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            Float.intBitsToFloat(0x3f808000),
            Float.intBitsToFloat(0x3f818000),
            Float.intBitsToFloat(0x3f808001),
            Float.intBitsToFloat(0xbf817fff)
        };
        try (var arena = Arena.ofConfined()) {
            var halves = arena.allocate(JAVA_SHORT, special.length);
            new RoundedTile(special.length).store(special, halves, 0, special.length);
            assertArrayEquals(rounded(special), halves.toArray(JAVA_SHORT));
        }
    }

    /// The nearer of the two neighbors, by their distances in double precision.
    private static short[] rounded(float[] values) {
        var halves = new short[values.length];
        for (var i = 0; i < values.length; i++) {
            var low = Float.floatToRawIntBits(values[i]) & 0xffff_0000;
            var rest = Float.floatToRawIntBits(values[i]) & 0xffff;
            var up = rest > 0x8000 || rest == 0x8000 && (low & 0x1_0000) != 0;
            halves[i] = (short) ((up ? low + 0x1_0000 : low) >>> 16);
        }
        return halves;
    }

    private static void run(Tensors tensors, boolean copies) {
        var settings = new AdamWKernel.Settings(1 - BETA1, 1 - BETA2, EPSILON, WEIGHT_DECAY);
        try (var kernel = new AdamWKernel(settings, copies)) {
            kernel.compute(tensors);
        }
    }

    /// Operands and results in memory of their own.
    private record Tensors(int size, List<MemorySegment> inputs, List<MemorySegment> outputs) implements KernelCall {
        Tensors(Arena arena, int size, long step) {
            this(size, operands(arena, size, step), List.of());
        }

        private static List<MemorySegment> operands(Arena arena, int size, long step) {
            var random = new Random(size);
            var weight = arena.allocate(JAVA_FLOAT, size);
            var gradient = arena.allocate(JAVA_FLOAT, size);
            var moment1 = arena.allocate(JAVA_FLOAT, size);
            var moment2 = arena.allocate(JAVA_FLOAT, size);
            for (var i = 0; i < size; i++) {
                weight.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
                gradient.setAtIndex(JAVA_FLOAT, i, (float) (1e-3 * random.nextGaussian()));
                moment1.setAtIndex(JAVA_FLOAT, i, (float) (1e-3 * random.nextGaussian()));
                moment2.setAtIndex(JAVA_FLOAT, i, (float) (1e-6 * random.nextDouble()));
            }
            return List.of(
                    arena.allocateFrom(JAVA_FLOAT, LR),
                    arena.allocateFrom(JAVA_LONG, step),
                    weight,
                    gradient,
                    moment1,
                    moment2);
        }

        Tensors apart(Arena arena) {
            var results =
                    Stream.generate(() -> arena.allocate(JAVA_FLOAT, size)).limit(3);
            return new Tensors(size, inputs, Stream.concat(results, copy(arena)).toList());
        }

        Tensors inPlace(Arena arena) {
            var results = Stream.of(inputs.get(2), inputs.get(4), inputs.get(5));
            return new Tensors(size, inputs, Stream.concat(results, copy(arena)).toList());
        }

        private Stream<MemorySegment> copy(Arena arena) {
            return Stream.of(arena.allocate(JAVA_SHORT, size));
        }

        float value(int operand, int i) {
            return inputs.get(operand).getAtIndex(JAVA_FLOAT, i);
        }

        float result(int result, int i) {
            return outputs.get(result).getAtIndex(JAVA_FLOAT, i);
        }

        @Override
        public boolean has(int input) {
            return input < inputs.size();
        }

        @Override
        public long[] shape(int input) {
            return input == 0 ? new long[0] : new long[] {input == 1 ? 1 : size};
        }

        @Override
        public long input(int index) {
            return inputs.get(index).address();
        }

        @Override
        public long output(int index, long... shape) {
            return outputs.get(index).address();
        }

        @Override
        public long stream() {
            return 0;
        }

        /// The last task comes first.
        @Override
        public void parallel(int tasks, IntConsumer body) {
            for (var task = tasks - 1; task >= 0; task--) {
                body.accept(task);
            }
        }
    }
}
