package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Peers;
import java.lang.foreign.MemorySegment;

/// `BatchNorm` of maps `[.., C]` in training, and a ReLU after it: one pass over the maps for their statistics, one that
/// normalizes. Where the maps are those of several processes, these give each other their statistics between the two.
final class BatchNormKernel implements Kernel {
    private final DType type;
    private final boolean relu;
    private final double epsilon;
    private final double momentum;
    private final Peers peers;

    /// @param peers of this process
    BatchNormKernel(DType type, boolean relu, Attributes attributes, Peers peers) {
        this.peers = shared(attributes) ? peers : Peers.none();
        this.type = type;
        this.relu = relu;
        this.epsilon = attributes.real("epsilon");
        this.momentum = attributes.real("momentum");
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var rows = RowPieces.of(type, dims);
        var c = rows.channels();
        var x = call.input(0);
        var statistics = ChannelStatistics.of(call, rows, x).over(peers);
        var mean = statistics.means();
        var inverse = new float[c];
        for (var i = 0; i < c; i++) {
            inverse[i] = (float) (1 / Math.sqrt(statistics.variance(i) + epsilon));
        }
        var line = ChannelLine.of(floats(call.input(1), c), floats(call.input(2), c), mean, inverse);
        var y = call.output(0, dims);
        line.apply(call, rows, x, y, relu ? 0 : Float.NEGATIVE_INFINITY);
        write(call.output(1, c), moved(floats(call.input(3), c), statistics, false));
        write(call.output(2, c), moved(floats(call.input(4), c), statistics, true));
        write(call.output(3, c), mean);
        write(call.output(4, c), inverse);
    }

    /// Whether the node's maps are those of several processes.
    static boolean shared(Attributes attributes) {
        return attributes.integer("processes") > 1;
    }

    /// A running statistic on its way to the present one.
    private float[] moved(float[] old, ChannelStatistics now, boolean variance) {
        var next = new float[old.length];
        for (var i = 0; i < next.length; i++) {
            var value = variance ? now.unbiasedVariance(i) : now.mean(i);
            next[i] = (float) ((1 - momentum) * old[i] + momentum * value);
        }
        return next;
    }

    static float[] floats(long address, int count) {
        return segment(address, count).toArray(JAVA_FLOAT);
    }

    static void write(long address, float[] values) {
        MemorySegment.copy(values, 0, segment(address, values.length), JAVA_FLOAT, 0, values.length);
    }

    @SuppressWarnings("restricted") // the engine says where a tensor is and how large
    private static MemorySegment segment(long address, int count) {
        return MemorySegment.ofAddress(address).reinterpret((long) count * Float.BYTES);
    }

    @Override
    public void close() {}
}
