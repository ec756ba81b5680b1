package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;

/// `AdamW`: the update of a weight and its moments in one pass over memory, with the weight's bfloat16 copy if one is
/// wanted (Loshchilov & Hutter, arXiv:1711.05101; the formulas are those of torch.optim.AdamW). Results may lie where
/// operands do: a tile is read before it is written.
final class AdamWKernel implements Kernel {
    private static final int LR = 0;
    private static final int STEP = 1;
    private static final int WEIGHT = 2;
    private static final int GRADIENT = 3;
    private static final int MOMENT1 = 4;
    private static final int MOMENT2 = 5;

    /// Elements that a thread takes at a time: smaller weights are not worth waking another.
    private static final int PIECE = 1 << 16;

    private final Settings settings;
    private final boolean copies;

    AdamWKernel(Settings settings, boolean copies) {
        this.settings = settings;
        this.copies = copies;
    }

    /// A node's attributes.
    record Settings(double oneMinusBeta1, double oneMinusBeta2, double epsilon, double weightDecay) {
        static Settings of(Attributes a) {
            return new Settings(
                    a.real("one_minus_beta1"), a.real("one_minus_beta2"), a.real("epsilon"), a.real("weight_decay"));
        }
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(WEIGHT);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var lr = segment(call.input(LR), Float.BYTES).get(JAVA_FLOAT, 0);
        var step = segment(call.input(STEP), Long.BYTES).get(JAVA_LONG, 0);
        var update = Update.of(settings, lr, step);
        var floats = size * Float.BYTES;
        var weight = segment(call.input(WEIGHT), floats);
        var gradient = segment(call.input(GRADIENT), floats);
        var moment1 = segment(call.input(MOMENT1), floats);
        var moment2 = segment(call.input(MOMENT2), floats);
        var newWeight = segment(call.output(0, dims), floats);
        var newMoment1 = segment(call.output(1, dims), floats);
        var newMoment2 = segment(call.output(2, dims), floats);
        var copy = copies ? segment(call.output(3, dims), size * Short.BYTES) : MemorySegment.NULL;
        call.parallel(Math.toIntExact(Math.ceilDiv(size, (long) PIECE)), piece -> {
            var end = Math.min(size, (piece + 1L) * PIECE);
            var tile = new Tile((int) Math.min(Tile.SIZE, size));
            for (var at = (long) piece * PIECE; at < end; at += Tile.SIZE) {
                var n = (int) Math.min(Tile.SIZE, end - at);
                load(weight, at, tile.weight, n);
                load(gradient, at, tile.gradient, n);
                load(moment1, at, tile.moment1, n);
                load(moment2, at, tile.moment2, n);
                update.apply(tile.weight, tile.gradient, tile.moment1, tile.moment2, n);
                store(tile.weight, newWeight, at, n);
                store(tile.moment1, newMoment1, at, n);
                store(tile.moment2, newMoment2, at, n);
                if (copies) {
                    tile.rounded.store(tile.weight, copy, at, n);
                }
            }
        });
    }

    /// Some elements at a time, which stay in a core's first-level cache.
    private static final class Tile {
        static final int SIZE = 1 << 10;

        final float[] weight;
        final float[] gradient;
        final float[] moment1;
        final float[] moment2;
        final RoundedTile rounded;

        Tile(int size) {
            weight = new float[size];
            gradient = new float[size];
            moment1 = new float[size];
            moment2 = new float[size];
            rounded = new RoundedTile(size);
        }
    }

    /// The update of one element. What all elements have in common is computed once, in double precision.
    ///
    /// @param unit what the root of a second moment is multiplied by
    /// @param rate the learning rate over the first moment's bias correction
    /// @param kept of a weight, after decay
    private record Update(
            float beta1,
            float oneMinusBeta1,
            float beta2,
            float oneMinusBeta2,
            float unit,
            float epsilon,
            float rate,
            float kept) {
        static Update of(Settings s, double lr, long step) {
            var beta1 = 1 - s.oneMinusBeta1;
            var beta2 = 1 - s.oneMinusBeta2;
            return new Update(
                    (float) beta1,
                    (float) s.oneMinusBeta1,
                    (float) beta2,
                    (float) s.oneMinusBeta2,
                    (float) (1 / Math.sqrt(1 - Math.pow(beta2, step))),
                    (float) s.epsilon,
                    (float) (lr / (1 - Math.pow(beta1, step))),
                    (float) (1 - lr * s.weightDecay));
        }

        void apply(float[] weight, float[] gradient, float[] moment1, float[] moment2, int n) {
            for (var i = 0; i < n; i++) {
                var g = gradient[i];
                var m = Math.fma(g, oneMinusBeta1, beta1 * moment1[i]);
                var v = Math.fma(g * g, oneMinusBeta2, beta2 * moment2[i]);
                var deviation = Math.fma((float) Math.sqrt(v), unit, epsilon);
                moment1[i] = m;
                moment2[i] = v;
                weight[i] = Math.fma(-rate, m / deviation, kept * weight[i]);
            }
        }
    }

    private static void load(MemorySegment from, long at, float[] to, int n) {
        MemorySegment.copy(from, JAVA_FLOAT, at * Float.BYTES, to, 0, n);
    }

    private static void store(float[] from, MemorySegment to, long at, int n) {
        MemorySegment.copy(from, 0, to, JAVA_FLOAT, at * Float.BYTES, n);
    }

    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    private static MemorySegment segment(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void close() {}
}
