package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.List;
import java.util.stream.Stream;

/// What operators of ours on maps `[N, H, W, C]` mean, in standard ONNX, which has them for `[N, C, H, W]`.
final class ImageFunctions {
    private static final List<Integer> CHANNELS_FIRST = List.of(0, 3, 1, 2);
    private static final List<Integer> CHANNELS_LAST = List.of(0, 2, 3, 1);
    private static final List<Integer> SWAP_FIRST = List.of(1, 0, 2, 3);

    private ImageFunctions() {}

    private static AttributeProto[] convolution(FunctionBody f) {
        return new AttributeProto[] {
            f.own("group"), f.ownIntegers("strides"), f.ownIntegers("pads"), f.ownIntegers("dilations")
        };
    }

    private static AttributeProto[] pool(FunctionBody f) {
        return new AttributeProto[] {f.ownIntegers("kernel_shape"), f.ownIntegers("strides"), f.ownIntegers("pads")};
    }

    private static AttributeProto[] with(AttributeProto more, AttributeProto... attributes) {
        return Stream.concat(Stream.of(attributes), Stream.of(more)).toArray(AttributeProto[]::new);
    }

    static void conv(FunctionBody f) {
        last(f, "Y", f.node("Conv", List.of(first(f, "X"), "W", "B"), convolution(f)));
    }

    static void convDataGrad(FunctionBody f) {
        last(
                f,
                "dX",
                f.node(
                        "ConvTranspose",
                        List.of(first(f, "dY"), "W"),
                        with(f.ownIntegers("output_padding"), convolution(f))));
    }

    /// As [Convolutions#weightsGradient] has it for portable graphs.
    static void convWeightsGrad(FunctionBody f) {
        var x = f.node("Transpose", List.of("X"), attribute("perm", List.of(3, 0, 1, 2))); // [C, N, H, W]
        var group = f.node("Unsqueeze", List.of(f.ownInteger("group"), f.integers(0)));
        var size = f.node("Shape", List.of(x), attribute("start", 1L));
        var groups = f.node("Reshape", List.of(x, joined(f, group, f.integers(-1), size)));
        var turned = f.node("Transpose", List.of(groups), attribute("perm", List.of(1, 0, 2, 3, 4)));
        var plane = f.node("Shape", List.of(x), attribute("start", 2L));
        var images = f.node("Reshape", List.of(turned, joined(f, f.integers(0, -1), plane)));
        var filters = f.node("Transpose", List.of("dY"), attribute("perm", List.of(3, 0, 1, 2)));
        var sums = f.node(
                "Conv",
                List.of(images, filters),
                f.own("group"),
                f.integersOf("strides", "dilations"),
                f.ownIntegers("pads"),
                f.integersOf("dilations", "strides"));
        var kernel = f.ownIntegerList("kernel_shape");
        var cut = f.node("Slice", List.of(sums, f.integers(0, 0), kernel, f.integers(2, 3)));
        f.define("dW", "Transpose", List.of(cut), attribute("perm", SWAP_FIRST));
    }

    static void maxPool(FunctionBody f) {
        last(f, "Y", f.node("MaxPool", List.of(first(f, "X")), pool(f)));
    }

    static void maxPoolGrad(FunctionBody f) {
        var x = first(f, "X");
        f.define(List.of("maxima", "indices"), "MaxPool", List.of(x), pool(f));
        var row = f.integers(-1);
        var shape = f.node("Shape", List.of(x));
        var zeros = f.node("ConstantOfShape", List.of(f.node("ReduceProd", List.of(shape))));
        var indices = f.node("Reshape", List.of("indices", row));
        var updates = f.node("Reshape", List.of(first(f, "dY"), row));
        var sums = f.node("ScatterElements", List.of(zeros, indices, updates), attribute("reduction", "add"));
        last(f, "dX", f.node("Reshape", List.of(sums, shape)));
    }

    static void averagePool(FunctionBody f) {
        last(f, "Y", f.node("AveragePool", List.of(first(f, "X")), with(attribute("count_include_pad", 1L), pool(f))));
    }

    /// Channels are images of their own to a transposed convolution whose weights are all the same.
    static void averagePoolGrad(FunctionBody f) {
        var dy = first(f, "dY");
        var plane = f.node("Shape", List.of(dy), attribute("start", 2L));
        var planes = f.node("Reshape", List.of(dy, joined(f, f.integers(-1, 1), plane)));
        var kernel = joined(f, f.integers(1, 1), f.ownIntegerList("kernel_shape"));
        var ones = f.node("Expand", List.of(f.real(1), kernel));
        var weights = f.node("Div", List.of(ones, f.node("ReduceSum", List.of(ones))));
        var sums = f.node(
                "ConvTranspose",
                List.of(planes, weights),
                f.ownIntegers("output_padding"),
                f.ownIntegers("strides"),
                f.ownIntegers("pads"));
        var lead = f.node("Shape", List.of(dy), attribute("end", 2L));
        var size = f.node("Shape", List.of(sums), attribute("start", 2L));
        last(f, "dX", f.node("Reshape", List.of(sums, joined(f, lead, size))));
    }

    static void batchNorm(FunctionBody f) {
        batchNorm(f, "Identity");
    }

    static void batchNormRelu(FunctionBody f) {
        batchNorm(f, "Relu");
    }

    /// @param activation ONNX's operator that the result goes through
    private static void batchNorm(FunctionBody f, String activation) {
        var x = rows(f, "X");
        f.define("batch_mean", "ReduceMean", List.of(x, f.integers(0)), attribute("keepdims", 0L));
        var centered = f.node("Sub", List.of(x, "batch_mean"));
        var square = f.node("Mul", List.of(centered, centered));
        var variance = f.node("ReduceMean", List.of(square, f.integers(0)), attribute("keepdims", 0L));
        var deviation = f.node("Sqrt", List.of(f.node("Add", List.of(variance, f.ownNumber("epsilon")))));
        f.define("inv_std_dev", "Reciprocal", List.of(deviation));
        var scale = f.node("Mul", List.of("scale", "inv_std_dev"));
        var y = f.node(
                "Add", List.of(f.node("Mul", List.of(f.node("Sub", List.of("X", "batch_mean")), scale)), "bias"));
        f.define("Y", activation, List.of(y));
        var count = f.node("CastLike", List.of(f.node("Shape", List.of(x), attribute("end", 1L)), x));
        var others = f.node("Sub", List.of(count, f.real(1)));
        var unbiased = f.node("Div", List.of(f.node("Mul", List.of(variance, count)), others));
        f.define("new_mean", "Add", moved(f, "mean", "batch_mean"));
        f.define("new_var", "Add", moved(f, "var", unbiased));
    }

    /// The two terms of a running statistic.
    private static List<String> moved(FunctionBody f, String old, String now) {
        var momentum = f.ownNumber("momentum");
        var rest = f.node("Sub", List.of(f.real(1), momentum));
        return List.of(f.node("Mul", List.of(old, rest)), f.node("Mul", List.of(now, momentum)));
    }

    static void batchNormGrad(FunctionBody f) {
        batchNormGrad(f, normal(f), "dY");
    }

    static void batchNormReluGrad(FunctionBody f) {
        var normal = normal(f);
        var y = f.node("Add", List.of(f.node("Mul", List.of(normal, "scale")), "bias"));
        var open = f.node("Sign", List.of(f.node("Relu", List.of(y))));
        batchNormGrad(f, normal, f.node("Mul", List.of("dY", open)));
    }

    private static String normal(FunctionBody f) {
        return f.node("Mul", List.of(f.node("Sub", List.of("X", "mean")), "inv_std_dev"));
    }

    private static void batchNormGrad(FunctionBody f, String normal, String gradient) {
        var dy = rows(f, gradient);
        var product = f.node("Mul", List.of(dy, rows(f, normal)));
        f.define("dscale", "ReduceSum", List.of(product, f.integers(0)), attribute("keepdims", 0L));
        f.define("dbias", "ReduceSum", List.of(dy, f.integers(0)), attribute("keepdims", 0L));
        var mean = f.node("ReduceMean", List.of(dy, f.integers(0)), attribute("keepdims", 0L));
        var slope = f.node("ReduceMean", List.of(product, f.integers(0)), attribute("keepdims", 0L));
        var rest =
                f.node("Sub", List.of(f.node("Sub", List.of(gradient, mean)), f.node("Mul", List.of(normal, slope))));
        f.define("dX", "Mul", List.of(rest, f.node("Mul", List.of("scale", "inv_std_dev"))));
    }

    // ---- vocabulary

    /// `[.., C]` as a matrix.
    private static String rows(FunctionBody f, String x) {
        return f.node("Flatten", List.of(x), attribute("axis", -1L));
    }

    private static String first(FunctionBody f, String x) {
        return f.node("Transpose", List.of(x), attribute("perm", CHANNELS_FIRST));
    }

    private static void last(FunctionBody f, String result, String x) {
        f.define(result, "Transpose", List.of(x), attribute("perm", CHANNELS_LAST));
    }

    private static String joined(FunctionBody f, String... shapes) {
        return f.node("Concat", List.of(shapes), attribute("axis", 0L));
    }
}
