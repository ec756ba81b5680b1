package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Shape;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Kernels that work element by element.
final class Pointwise {
    private Pointwise() {}

    static List<NdArray> map(List<NdArray> in, DoubleUnaryOperator f) {
        var x = in.getFirst();
        var y = new double[x.size()];
        for (var i = 0; i < y.length; i++) {
            y[i] = f.applyAsDouble(x.get(i));
        }
        return List.of(NdArray.of(x.shape(), y));
    }

    /// Both operands broadcast to the common shape.
    static List<NdArray> zip(List<NdArray> in, DoubleBinaryOperator f) {
        var shape = Shape.broadcast(in.get(0).shape(), in.get(1).shape());
        var a = Layout.expand(in.get(0), shape);
        var b = Layout.expand(in.get(1), shape);
        var y = new double[a.size()];
        for (var i = 0; i < y.length; i++) {
            y[i] = f.applyAsDouble(a.get(i), b.get(i));
        }
        return List.of(NdArray.of(shape, y));
    }

    static List<NdArray> where(NdArray condition, NdArray a, NdArray b) {
        var shape = Shape.broadcast(condition.shape(), Shape.broadcast(a.shape(), b.shape()));
        var holds = Layout.expand(condition, shape);
        var then = Layout.expand(a, shape);
        var otherwise = Layout.expand(b, shape);
        var y = new double[then.size()];
        for (var i = 0; i < y.length; i++) {
            y[i] = holds.get(i) != 0 ? then.get(i) : otherwise.get(i);
        }
        return List.of(NdArray.of(shape, y));
    }

    static List<NdArray> cast(List<NdArray> in, DType to) {
        return switch (to) {
            case FLOAT32, FLOAT16, BFLOAT16 -> in;
            case INT64, INT32, UINT8 -> map(in, x -> (long) x);
            case BOOL -> map(in, x -> x != 0 ? 1 : 0);
        };
    }
}
