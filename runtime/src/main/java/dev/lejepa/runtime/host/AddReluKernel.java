package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.stream.LongStream;

/// `AddRelu`: the sum of two tensors of one shape and its ReLU in one pass.
final class AddReluKernel implements Kernel {
    private static final int PIECE = 1 << 16;
    private static final int TILE = 1 << 11;

    private final DType type;

    AddReluKernel(DType type) {
        this.type = type;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var a = call.input(0);
        var b = call.input(1);
        var y = call.output(0, dims);
        PerThread.run(call, Math.toIntExact(Math.ceilDiv(size, (long) PIECE)), () -> {
            var first = new Elements(type, a, size);
            var second = new Elements(type, b, size);
            var result = new Elements(type, y, size);
            var sum = Lanes.of(type, TILE, 1);
            var other = Lanes.of(type, TILE, 1);
            return piece -> {
                var end = Math.min(size, (piece + 1L) * PIECE);
                for (var at = (long) piece * PIECE; at < end; at += TILE) {
                    var n = (int) Math.min(TILE, end - at);
                    first.load(at, sum, n);
                    second.load(at, other, n);
                    for (var l = 0; l < sum.count(); l++) {
                        add(sum.lane(l), other.lane(l), sum.length(l, n));
                    }
                    result.store(sum, at, n);
                }
            };
        });
    }

    private static void add(float[] a, float[] b, int n) {
        for (var i = 0; i < n; i++) {
            a[i] = Math.max(a[i] + b[i], 0f);
        }
    }

    @Override
    public void close() {}
}
