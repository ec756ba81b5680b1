package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.ir.ImageLayout.NCHW;
import static dev.lejepa.graphs.ir.ImageLayout.NHWC;
import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;

import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.Convolution.ConvDataGrad;
import dev.lejepa.graphs.ir.Convolution.ConvWeightsGrad;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;

/// Convolution and its gradients. ONNX has them for maps `[N, C, H, W]` of float32; others are brought into that form,
/// but where an operator of ours reads them as they are.
final class Convolutions {
    private Convolutions() {}

    static List<Ref> conv(Site s, Conv op) {
        if (isOurs(s, OwnOperator.CONV, op)) {
            return s.ours(OwnOperator.CONV, attributes(op));
        }
        if (op.layout() == NHWC) {
            return s.formula(in -> List.of(NCHW.to(NHWC, apply(nchw(op), first(NHWC.to(NCHW, in.getFirst()), in)))));
        }
        return s.mixed() ? s.wide(in -> List.of(apply(op.to(DType.FLOAT32), in))) : s.onnx("Conv", attributes(op));
    }

    /// A transposed convolution, which pads what it makes where strides have left out elements of the maps.
    static List<Ref> dataGradient(Site s, ConvDataGrad op) {
        var conv = op.conv();
        if (isOurs(s, OwnOperator.CONV_DATA_GRAD, conv)) {
            var all = new ArrayList<>(List.of(attributes(conv)));
            all.add(attribute("output_padding", rest(op)));
            return s.ours(OwnOperator.CONV_DATA_GRAD, all.toArray(AttributeProto[]::new));
        }
        if (conv.layout() == NHWC) {
            var inside = new ConvDataGrad(nchw(conv), op.height(), op.width());
            return s.formula(in -> List.of(NCHW.to(NHWC, apply(inside, first(NHWC.to(NCHW, in.getFirst()), in)))));
        }
        if (s.mixed()) {
            return s.wide(in -> List.of(apply(new ConvDataGrad(conv.to(DType.FLOAT32), op.height(), op.width()), in)));
        }
        if (s.has(LAYER_KERNELS) && !isSymmetric(conv.window())) {
            return s.formula(in -> List.of(unpadded(op, in)));
        }
        return s.onnx(
                "ConvTranspose",
                attribute("group", (long) conv.groups()),
                attribute("strides", conv.window().strides()),
                attribute("pads", conv.window().pads()),
                attribute("dilations", conv.window().dilations()),
                attribute("output_padding", rest(op)));
    }

    /// The gradient of padded maps, of which the padding is cut off.
    private static Value unpadded(ConvDataGrad op, List<Value> in) {
        var w = op.conv().window();
        var height = op.height() + w.height().before() + w.height().after();
        var width = op.width() + w.width().before() + w.width().after();
        return apply(new ConvDataGrad(withoutPadding(op.conv()), height, width), in)
                .slice(2, w.height().before(), w.height().before() + op.height())
                .slice(3, w.width().before(), w.width().before() + op.width());
    }

    static List<Ref> weightsGradient(Site s, ConvWeightsGrad op) {
        var conv = op.conv();
        if (isOurs(s, OwnOperator.CONV_WEIGHTS_GRAD, conv)) {
            var all = new ArrayList<>(List.of(attributes(conv)));
            all.add(attribute("kernel_shape", conv.window().kernels()));
            return s.ours(OwnOperator.CONV_WEIGHTS_GRAD, all.toArray(AttributeProto[]::new));
        }
        if (conv.layout() == NHWC) {
            var inside = new ConvWeightsGrad(nchw(conv));
            return s.formula(in -> List.of(apply(inside, List.of(NHWC.to(NCHW, in.get(0)), NHWC.to(NCHW, in.get(1))))));
        }
        if (s.mixed()) {
            return s.wide(in -> List.of(apply(new ConvWeightsGrad(conv.to(DType.FLOAT32)), in)));
        }
        if (!s.has(LAYER_KERNELS)) {
            return s.formula(in -> List.of(overImages(conv, in.get(0), in.get(1))));
        }
        return isSymmetric(conv.window())
                ? convGrad(s, conv)
                : s.formula(in -> List.of(apply(
                        new ConvWeightsGrad(withoutPadding(conv)),
                        List.of(in.get(0), padded(conv.window(), in.get(1))))));
    }

    /// ONNX Runtime's gradient, which takes no more than the shape of the weights from the weights.
    private static List<Ref> convGrad(Site s, Conv conv) {
        var zero = s.constant(Tensor.filled(Shape.of(1, 1, 1, 1), 0));
        var shape = s.constant(s.type().shape().dims());
        var weights = s.node("Expand", s.type(), List.of(zero, shape));
        return s.secondOfFused("ConvGrad", List.of(s.in(0), s.in(1), weights), attributes(conv));
    }

    /// A convolution that sums over images, whose filters are the gradients of results: a stride of the one is the
    /// dilation of the other. What strides have left out makes the result larger than the weights.
    private static Value overImages(Conv conv, Value dy, Value x) {
        var groups = conv.groups();
        var channels = x.dim(1) / groups;
        // [C / groups, groups N, H, W]: channel after channel as images, a group's images as its channels
        var images = x.reshape(x.dim(0), groups, channels, x.dim(2) * x.dim(3))
                .transpose(2, 1, 0, 3)
                .reshape(channels, groups * x.dim(0), x.dim(2), x.dim(3));
        var filters = dy.transpose(1, 0, 2, 3); // [O, N, oh, ow]
        var w = conv.window();
        var window = new Window(exchanged(w.height(), filters.dim(2)), exchanged(w.width(), filters.dim(3)));
        var sums = apply(new Conv(window, groups, NCHW), List.of(images, filters)); // [C / groups, O, >= kh, >= kw]
        return sums.slice(2, 0, w.height().kernel())
                .slice(3, 0, w.width().kernel())
                .transpose(1, 0, 2, 3);
    }

    private static Window.Axis exchanged(Window.Axis a, long places) {
        return new Window.Axis(Math.toIntExact(places), a.dilation(), a.before(), a.after(), a.stride());
    }

    // ---- vocabulary

    private static boolean isOurs(Site s, OwnOperator operator, Conv op) {
        return s.has(operator) && op.layout() == NHWC;
    }

    private static AttributeProto[] attributes(Conv op) {
        return new AttributeProto[] {
            attribute("group", (long) op.groups()),
            attribute("strides", op.window().strides()),
            attribute("pads", op.window().pads()),
            attribute("dilations", op.window().dilations())
        };
    }

    private static List<Integer> rest(ConvDataGrad op) {
        var w = op.conv().window();
        return List.of(
                Math.toIntExact(w.height().rest(op.height())),
                Math.toIntExact(w.width().rest(op.width())));
    }

    private static boolean isSymmetric(Window w) {
        return w.height().before() == w.height().after()
                && w.width().before() == w.width().after();
    }

    private static Conv nchw(Conv op) {
        return new Conv(op.window(), op.groups(), NCHW, op.result());
    }

    private static Conv withoutPadding(Conv op) {
        var h = op.window().height();
        var w = op.window().width();
        var window = new Window(
                new Window.Axis(h.kernel(), h.stride(), 0, 0, h.dilation()),
                new Window.Axis(w.kernel(), w.stride(), 0, 0, w.dilation()));
        return new Conv(window, op.groups(), op.layout(), op.result());
    }

    private static Value padded(Window w, Value x) {
        return x.pad(2, w.height().before(), w.height().after())
                .pad(3, w.width().before(), w.width().after());
    }

    private static List<Value> first(Value replaced, List<Value> in) {
        var all = new ArrayList<>(in);
        all.set(0, replaced);
        return all;
    }

    private static Value apply(Op op, List<Value> operands) {
        return operands.getFirst().graph().apply(op, operands).getFirst();
    }
}
