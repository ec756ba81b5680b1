package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.stream.LongStream;

/// An operator that works element by element on one or two tensors of one shape, in one pass.
final class MapKernel implements Kernel {
    private static final int PIECE = 1 << 16;
    private static final int TILE = 1 << 11;

    /// What is computed of tiles `a` and `b`, into `a`.
    @FunctionalInterface
    interface Loop {
        void run(float[] a, float[] b, int n);
    }

    private final DType type;
    private final int operands;
    private final Loop loop;

    MapKernel(DType type, int operands, Loop loop) {
        this.type = type;
        this.operands = operands;
        this.loop = loop;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var a = call.input(0);
        var b = call.input(operands - 1);
        var y = call.output(0, dims);
        call.parallel(Math.toIntExact(Math.ceilDiv(size, (long) PIECE)), piece -> {
            var first = new Elements(type, a, size);
            var second = new Elements(type, b, size);
            var result = new Elements(type, y, size);
            var x = new float[TILE];
            var other = new float[TILE];
            var end = Math.min(size, (piece + 1L) * PIECE);
            for (var at = (long) piece * PIECE; at < end; at += TILE) {
                var n = (int) Math.min(TILE, end - at);
                first.load(at, x, 0, n);
                if (operands > 1) {
                    second.load(at, other, 0, n);
                }
                loop.run(x, other, n);
                result.store(x, 0, at, n);
            }
        });
    }

    static void relu(float[] a, float[] b, int n) {
        Arithmetic.relu(a, a, n);
    }

    static void add(float[] a, float[] b, int n) {
        Arithmetic.add(a, b, a, n);
    }

    static void addRelu(float[] a, float[] b, int n) {
        for (var i = 0; i < n; i++) {
            a[i] = Math.max(a[i] + b[i], 0f);
        }
    }

    /// The gradient `a` where the ReLU's result `b` is positive.
    static void reluGrad(float[] a, float[] b, int n) {
        for (var i = 0; i < n; i++) {
            a[i] *= Math.signum(b[i]);
        }
    }

    @Override
    public void close() {}
}
