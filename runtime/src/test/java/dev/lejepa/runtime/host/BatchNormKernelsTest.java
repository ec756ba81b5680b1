package dev.lejepa.runtime.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Peers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Of matrices that are cut into several pieces and tiles, with odd numbers of rows and channels.
class BatchNormKernelsTest {
    private static final double EPSILON = 1e-3;

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, 5001, 33, false",
        "FLOAT32, 5001, 33, true",
        "BFLOAT16, 5001, 33, false",
        "BFLOAT16, 5001, 33, true",
        "BFLOAT16, 70001, 1, true",
        "BFLOAT16, 40, 2501, true",
        "BFLOAT16, 3001, 64, false"
    })
    void mapsAndGradientsAreThoseOfTheDefinition(DType type, int rows, int channels, boolean relu) {
        var n = new Norm(type, rows, channels, relu);
        var forward = n.forward(false);
        var backward = n.backward(forward, false);
        // half a step of the last digit that is kept, and what float32 sums lose
        var digits = type == DType.FLOAT32 ? 2e-5 : 1.0 / 256;
        for (var c = 0; c < channels; c++) {
            var mean = 0.0;
            for (var r = 0; r < rows; r++) {
                mean += n.x[r * channels + c] / rows;
            }
            var variance = 0.0;
            for (var r = 0; r < rows; r++) {
                variance += Math.pow(n.x[r * channels + c] - mean, 2) / rows;
            }
            var inverse = 1 / Math.sqrt(variance + EPSILON);
            assertEquals(mean, forward.get(3)[c], 1e-5 * Math.abs(mean));
            assertEquals(inverse, forward.get(4)[c], 1e-5 * inverse);
            var sum = 0.0;
            var product = 0.0;
            var open = new double[rows];
            for (var r = 0; r < rows; r++) {
                var at = r * channels + c;
                var normalized = (n.x[at] - mean) * inverse;
                var y = normalized * n.scale[c] + n.bias[c];
                assertEquals(relu ? Math.max(y, 0) : y, forward.get(0)[at], digits * (1 + Math.abs(y)));
                // on which side of 0 a number beside it lies is the rounding's
                open[r] = relu && forward.get(0)[at] <= 0 ? 0 : n.dy[at];
                sum += open[r];
                product += open[r] * normalized;
            }
            assertEquals(product, backward.get(1)[c], 1e-5 * rows);
            assertEquals(sum, backward.get(2)[c], 1e-5 * rows);
            for (var r = 0; r < rows; r++) {
                var at = r * channels + c;
                var normalized = (n.x[at] - mean) * inverse;
                var dx = n.scale[c] * inverse * (open[r] - sum / rows - normalized * product / rows);
                assertEquals(dx, backward.get(0)[at], digits * (1 + Math.abs(dx)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32", "BFLOAT16"})
    void theOrderOfPiecesChangesNoBits(DType type) {
        var n = new Norm(type, 5001, 33, true);
        var forward = n.forward(false);
        var other = n.forward(true);
        var backward = n.backward(forward, false);
        var otherBackward = n.backward(other, true);
        for (var i = 0; i < forward.size(); i++) {
            assertArrayEquals(forward.get(i), other.get(i));
        }
        for (var i = 0; i < backward.size(); i++) {
            assertArrayEquals(backward.get(i), otherBackward.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 2, true", "FLOAT32, 3, false", "BFLOAT16, 3, true"})
    void processesThatShareStatisticsComputeTheNormOfAllRows(DType type, int processes, boolean relu) throws Exception {
        var whole = new Norm(type, 3000, 33, relu);
        var forward = whole.forward(false);
        var backward = whole.backward(forward, false);
        // statistics are put together in another order and rounded to float32, which can be one step of bfloat16's
        var digits = type == DType.FLOAT32 ? 1e-5 : 1.0 / 128;
        var met = new Meeting(processes);
        var ranks = new ArrayList<Callable<List<List<float[]>>>>();
        for (var rank = 0; rank < processes; rank++) {
            var mine = new Norm(whole, rank, processes, met.of(rank));
            ranks.add(() -> {
                var y = mine.forward(false);
                return List.of(y, mine.backward(y, false));
            });
        }
        try (var threads = Executors.newFixedThreadPool(processes)) {
            var all = new ArrayList<List<List<float[]>>>();
            for (var result : threads.invokeAll(ranks)) {
                all.add(result.get());
            }
            requireRows(forward.getFirst(), all.stream().map(r -> r.getFirst().getFirst()), digits);
            requireRows(backward.getFirst(), all.stream().map(r -> r.getLast().getFirst()), digits);
            for (var result = 1; result < forward.size(); result++) {
                for (var rank : all) {
                    assertArrayEquals(forward.get(result), rank.getFirst().get(result), 1e-6f);
                    assertArrayEquals(
                            all.getFirst().getFirst().get(result),
                            rank.getFirst().get(result));
                }
            }
            for (var result = 1; result < backward.size(); result++) {
                for (var c = 0; c < 33; c++) {
                    var sum = 0f;
                    for (var rank : all) {
                        sum += rank.getLast().get(result)[c];
                    }
                    assertEquals(backward.get(result)[c], sum, 1e-3, "float32 sums of 3000 gradients");
                }
            }
        }
    }

    private static void requireRows(float[] whole, Stream<float[]> parts, double digits) {
        var at = 0;
        for (var part : parts.toList()) {
            for (var value : part) {
                assertEquals(whole[at], value, digits * (1 + Math.abs(whole[at])));
                at++;
            }
        }
        assertEquals(whole.length, at);
    }

    /// Threads in the place of processes.
    private static final class Meeting {
        private final double[][] all;
        private final CyclicBarrier barrier;

        Meeting(int processes) {
            this.all = new double[processes][];
            this.barrier = new CyclicBarrier(processes);
        }

        Peers of(int rank) {
            return mine -> {
                try {
                    all[rank] = mine;
                    barrier.await();
                    var found = List.of(all.clone());
                    barrier.await();
                    return found;
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32", "BFLOAT16"})
    void sumsOfMapsAreCutAtZero(DType type) {
        var n = new Norm(type, 70001, 1, true);
        try (var arena = Arena.ofConfined()) {
            var sum = run(arena, new AddReluKernel(type), type, false, List.of(n.x, n.dy), List.of(), n.x.length)
                    .getFirst();
            for (var i = 0; i < n.x.length; i++) {
                var exact = Math.max(n.x[i] + n.dy[i], 0f);
                assertEquals(type == DType.FLOAT32 ? exact : (float) BFloat16.round(exact), sum[i]);
            }
        }
    }

    /// Operands of a norm whose channels have means far from 0.
    private static final class Norm {
        private final DType type;
        private final int channels;
        private final boolean relu;
        private final float[] x;
        private final float[] dy;
        private final float[] scale;
        private final float[] bias;
        private final int processes;
        private final Peers peers;

        Norm(DType type, int rows, int channels, boolean relu) {
            var random = new Random(rows);
            this.type = type;
            this.channels = channels;
            this.relu = relu;
            this.processes = 1;
            this.peers = _ -> {
                throw new AssertionError("nobody is to be asked");
            };
            this.x = values(rows * channels, i -> (float) (random.nextGaussian() + 1 + i % channels % 7));
            this.dy = values(rows * channels, _ -> (float) random.nextGaussian());
            this.scale = values(channels, _ -> 0.5f + random.nextFloat());
            this.bias = values(channels, _ -> random.nextFloat() - 0.5f);
            for (var i = 0; i < x.length; i++) {
                x[i] = type == DType.FLOAT32 ? x[i] : (float) BFloat16.round(x[i]);
                dy[i] = type == DType.FLOAT32 ? dy[i] : (float) BFloat16.round(dy[i]);
            }
        }

        /// Some of another's rows, which one of several processes has.
        private Norm(Norm whole, int rank, int processes, Peers peers) {
            this.type = whole.type;
            this.channels = whole.channels;
            this.relu = whole.relu;
            this.processes = processes;
            this.peers = peers;
            var size = whole.x.length / processes;
            this.x = Arrays.copyOfRange(whole.x, rank * size, (rank + 1) * size);
            this.dy = Arrays.copyOfRange(whole.dy, rank * size, (rank + 1) * size);
            this.scale = whole.scale;
            this.bias = whole.bias;
        }

        List<float[]> forward(boolean backwards) {
            var running = new float[channels];
            try (var arena = Arena.ofConfined()) {
                return run(
                        arena,
                        new BatchNormKernel(type, relu, new Constants(processes), peers),
                        type,
                        backwards,
                        List.of(x),
                        List.of(scale, bias, running, running),
                        x.length,
                        channels,
                        channels,
                        channels,
                        channels);
            }
        }

        List<float[]> backward(List<float[]> forward, boolean backwards) {
            try (var arena = Arena.ofConfined()) {
                return run(
                        arena,
                        new BatchNormGradKernel(type, relu, new Constants(processes), peers),
                        type,
                        backwards,
                        List.of(dy, x),
                        List.of(scale, forward.get(3), forward.get(4), bias),
                        x.length,
                        channels,
                        channels);
            }
        }

        private static float[] values(int count, Value value) {
            var values = new float[count];
            for (var i = 0; i < count; i++) {
                values[i] = value.at(i);
            }
            return values;
        }
    }

    private interface Value {
        float at(int index);
    }

    private record Constants(int processes) implements Attributes {
        @Override
        public long integer(String name) {
            assertEquals("processes", name);
            return processes;
        }

        @Override
        public double real(String name) {
            return name.equals("epsilon") ? EPSILON : 0.1;
        }

        @Override
        public long[] integers(String name) {
            throw new IllegalArgumentException(name);
        }
    }

    /// @param maps operands of the kernel's type, before those of float32
    /// @param results elements of each result; the first one has the kernel's type
    private static List<float[]> run(
            Arena arena,
            Kernel kernel,
            DType type,
            boolean backwards,
            List<float[]> maps,
            List<float[]> rows,
            int... results) {
        var shape = new long[] {
            maps.getFirst().length / (rows.isEmpty() ? 1 : rows.getFirst().length),
            rows.isEmpty() ? 1 : rows.getFirst().length
        };
        var inputs = new ArrayList<Long>();
        maps.forEach(m -> inputs.add(memory(arena, type, m).address()));
        rows.forEach(r -> inputs.add(memory(arena, DType.FLOAT32, r).address()));
        var outputs = new ArrayList<MemorySegment>();
        for (var i = 0; i < results.length; i++) {
            outputs.add(arena.allocate((long) results[i] * (i == 0 ? type : DType.FLOAT32).bytes(), 64));
        }
        kernel.compute(new Call(shape, inputs, outputs, backwards));
        kernel.close();
        return IntStream.range(0, results.length)
                .mapToObj(i -> floats(outputs.get(i), i == 0 ? type : DType.FLOAT32, results[i]))
                .toList();
    }

    private static MemorySegment memory(Arena arena, DType type, float[] values) {
        var memory = arena.allocate((long) values.length * type.bytes(), 64);
        for (var i = 0; i < values.length; i++) {
            if (type == DType.FLOAT32) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
            } else {
                memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
            }
        }
        return memory;
    }

    private static float[] floats(MemorySegment memory, DType type, int count) {
        var values = new float[count];
        for (var i = 0; i < count; i++) {
            values[i] = type == DType.FLOAT32
                    ? memory.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                    : (float) BFloat16.value(memory.getAtIndex(ValueLayout.JAVA_SHORT, i));
        }
        return values;
    }

    /// @param backwards whether the last piece comes first, and several threads compute
    private record Call(long[] dims, List<Long> inputs, List<MemorySegment> outputs, boolean backwards)
            implements KernelCall {
        @Override
        public boolean has(int input) {
            return input < inputs.size();
        }

        @Override
        public long[] shape(int input) {
            return dims;
        }

        @Override
        public long input(int index) {
            return inputs.get(index);
        }

        @Override
        public long output(int index, long... shape) {
            return outputs.get(index).address();
        }

        @Override
        public long stream() {
            return 0;
        }

        @Override
        public void parallel(int tasks, IntConsumer body) {
            if (!backwards) {
                IntStream.range(0, tasks).forEach(body);
                return;
            }
            IntStream.range(0, tasks).map(i -> tasks - 1 - i).parallel().forEach(body);
        }
    }
}
