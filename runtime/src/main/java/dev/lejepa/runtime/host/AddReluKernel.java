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
        call.parallel(Math.toIntExact(Math.ceilDiv(size, (long) PIECE)), piece -> {
            var first = new Elements(type, a, size);
            var second = new Elements(type, b, size);
            var result = new Elements(type, y, size);
            var sum = new float[TILE];
            var other = new float[TILE];
            var end = Math.min(size, (piece + 1L) * PIECE);
            for (var at = (long) piece * PIECE; at < end; at += TILE) {
                var n = (int) Math.min(TILE, end - at);
                first.load(at, sum, 0, n);
                second.load(at, other, 0, n);
                Arithmetic.add(sum, other, sum, n);
                Arithmetic.relu(sum, sum, n);
                result.store(sum, 0, at, n);
            }
        });
    }

    @Override
    public void close() {}
}
