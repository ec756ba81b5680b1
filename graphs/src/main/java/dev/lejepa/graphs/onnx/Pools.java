package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.ir.ImageLayout.NCHW;
import static dev.lejepa.graphs.ir.ImageLayout.NHWC;
import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.Convolution.ConvDataGrad;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling.AveragePool;
import dev.lejepa.graphs.ir.Pooling.AveragePoolGrad;
import dev.lejepa.graphs.ir.Pooling.MaxPool;
import dev.lejepa.graphs.ir.Pooling.MaxPoolGrad;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.List;
import java.util.stream.LongStream;

/// Maxima and means in windows. Places of a window that jut out over the padding are places over more padding.
final class Pools {
    private Pools() {}

    static List<Ref> max(Site s, MaxPool op) {
        var pool = op.pool();
        if (isOurs(s, OwnOperator.MAX_POOL, pool)) {
            return s.ours(OwnOperator.MAX_POOL, attributes(over(s, 0, pool)));
        }
        if (pool.layout() == NHWC) {
            return s.formula(in ->
                    List.of(NCHW.to(NHWC, apply(new MaxPool(nchw(pool)), NHWC.to(NCHW, in.getFirst())))));
        }
        return s.mixed()
                ? s.wide(in -> List.of(apply(op, in.getFirst())))
                : s.onnx("MaxPool", attributes(over(s, 0, pool)));
    }

    /// Gradients are added where indices of the maxima say.
    static List<Ref> maxGradient(Site s, MaxPoolGrad op) {
        var pool = op.pool();
        if (isOurs(s, OwnOperator.MAX_POOL_GRAD, pool)) {
            return s.ours(OwnOperator.MAX_POOL_GRAD, attributes(over(s, 1, pool)));
        }
        if (pool.layout() == NHWC) {
            return s.formula(in -> List.of(NCHW.to(
                    NHWC, apply(new MaxPoolGrad(nchw(pool)), NHWC.to(NCHW, in.get(0)), NHWC.to(NCHW, in.get(1))))));
        }
        if (s.mixed()) {
            return s.wide(in -> List.of(apply(op, in.get(0), in.get(1))));
        }
        var dy = s.in(0);
        var x = s.in(1);
        var maxima = s.nodes(
                "MaxPool",
                List.of(dy.type(), new Type(DType.INT64, dy.shape())),
                List.of(x),
                attributes(over(s, 1, pool)));
        var places = Shape.of(dy.shape().size());
        var row = s.constant(-1L);
        var indices = s.node("Reshape", new Type(DType.INT64, places), List.of(maxima.get(1), row));
        var updates = s.node("Reshape", Type.f32(places), List.of(dy, row));
        var elements = Type.f32(x.shape().size());
        var zeros = s.node(
                "Expand",
                elements,
                List.of(
                        s.constant(Tensor.filled(Shape.of(1), 0)),
                        s.constant(x.shape().size())));
        var sums = s.node("ScatterElements", elements, List.of(zeros, indices, updates), attribute("reduction", "add"));
        return s.whole("Reshape", List.of(sums, s.constant(x.shape().dims())));
    }

    /// The mean over all elements of the window, times what the number of those that count makes of it.
    static List<Ref> mean(Site s, AveragePool op) {
        var pool = op.pool();
        var counts = op.counts(s.in(0).shape());
        var over = over(s, 0, pool);
        if (isUniform(counts, over)) {
            return uniformMean(s, op, over);
        }
        return s.wide(in -> {
            var uniform = new AveragePool(new Pool(over, false, pool.layout()), true);
            var y = apply(uniform, in.getFirst());
            return List.of(y.mul(perPlace(y, pool.layout(), over.elements(), counts)));
        });
    }

    private static List<Ref> uniformMean(Site s, AveragePool op, Window over) {
        if (isOurs(s, OwnOperator.AVERAGE_POOL, op.pool())) {
            return s.ours(OwnOperator.AVERAGE_POOL, attributes(over));
        }
        if (op.pool().layout() == NHWC) {
            var inside = new AveragePool(nchw(op.pool()), op.includePad());
            return s.formula(in -> List.of(NCHW.to(NHWC, apply(inside, NHWC.to(NCHW, in.getFirst())))));
        }
        if (s.mixed()) {
            return s.wide(in -> List.of(apply(op, in.getFirst())));
        }
        return s.onnx(
                "AveragePool",
                attribute("kernel_shape", over.kernels()),
                attribute("strides", over.strides()),
                attribute("pads", over.pads()),
                attribute("count_include_pad", 1L));
    }

    /// Each element's share of its window's gradients: a depthwise convolution's gradient, whose weights are all the
    /// same.
    static List<Ref> meanGradient(Site s, AveragePoolGrad op) {
        var pool = op.of().pool();
        var layout = pool.layout();
        var maps = op.maps(s.in(0).shape());
        var counts = op.of().counts(maps);
        var over = pool.over(maps);
        if (!isUniform(counts, over)) {
            var uniform = new AveragePool(new Pool(over, false, layout), true);
            return s.wide(in -> {
                var dy = in.getFirst();
                var weighted = dy.mul(perPlace(dy, layout, over.elements(), counts));
                return List.of(apply(new AveragePoolGrad(uniform, op.height(), op.width()), weighted));
            });
        }
        if (isOurs(s, OwnOperator.AVERAGE_POOL_GRAD, pool)) {
            return s.ours(OwnOperator.AVERAGE_POOL_GRAD, gradientAttributes(over, op));
        }
        return s.wide(in -> {
            var dy = layout.to(NCHW, in.getFirst());
            var channels = Math.toIntExact(dy.dim(1));
            var weights = Tensor.filled(
                    Shape.of(channels, 1, over.height().kernel(), over.width().kernel()), 1f / over.elements());
            var sum = new ConvDataGrad(new Conv(over, channels, NCHW), op.height(), op.width());
            return List.of(NCHW.to(layout, apply(sum, dy, dy.graph().constant(weights))));
        });
    }

    private static AttributeProto[] gradientAttributes(Window over, AveragePoolGrad op) {
        var rest = List.of(
                Math.toIntExact(over.height().rest(op.height())),
                Math.toIntExact(over.width().rest(op.width())));
        return new AttributeProto[] {
            attribute("kernel_shape", over.kernels()),
            attribute("strides", over.strides()),
            attribute("pads", over.pads()),
            attribute("output_padding", rest)
        };
    }

    // ---- vocabulary

    private static boolean isOurs(Site s, OwnOperator operator, Pool pool) {
        return s.has(operator) && pool.layout() == NHWC;
    }

    private static Window over(Site s, int operand, Pool pool) {
        return pool.over(s.in(operand).shape());
    }

    private static boolean isUniform(long[] counts, Window over) {
        return LongStream.of(counts).allMatch(n -> n == over.elements());
    }

    /// What the mean over all elements of the window is to be multiplied by at each place, so that it is the mean of
    /// those that count.
    private static Value perPlace(Value y, ImageLayout layout, int elements, long[] counts) {
        var factors = new float[counts.length];
        for (var i = 0; i < factors.length; i++) {
            factors[i] = (float) elements / counts[i];
        }
        var one = layout.shape(Shape.of(1, 1, 1, 1), 1, y.dim(layout.heightAxis()), y.dim(layout.widthAxis()));
        return y.graph().constant(Tensor.of(one, factors));
    }

    private static Pool nchw(Pool pool) {
        return new Pool(pool.window(), pool.ceil(), NCHW);
    }

    private static AttributeProto[] attributes(Window over) {
        return new AttributeProto[] {
            attribute("kernel_shape", over.kernels()),
            attribute("strides", over.strides()),
            attribute("pads", over.pads())
        };
    }

    private static Value apply(Op op, Value... operands) {
        return operands[0].graph().apply(op, operands).getFirst();
    }
}
