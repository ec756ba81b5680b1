package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the operators of `dev.lejepa` mean, in standard ONNX. A runtime that has no kernel for one puts its definition
/// in its place; so graphs that use them run everywhere.
final class Functions {
    private Functions() {}

    /// The definitions of operators that a graph uses, and of those that stand in these definitions.
    ///
    /// @param ofGraph functions of the graph alone, all of them used
    static List<FunctionProto> used(Predicate<String> byGraph, List<FunctionProto> ofGraph) {
        var rounded = defined(form -> form != Form.FLOAT32)
                .filter(f -> byGraph.test(f.getName()))
                .toList();
        var inside = Stream.concat(rounded.stream(), ofGraph.stream())
                .flatMap(f -> f.getNodeList().stream())
                .filter(n -> n.getDomain().equals(GraphWriter.LEJEPA))
                .map(NodeProto::getOpType)
                .collect(Collectors.toSet());
        var plain = defined(form -> form == Form.FLOAT32)
                .filter(f -> byGraph.test(f.getName()) || inside.contains(f.getName()));
        return Stream.of(plain, rounded.stream(), ofGraph.stream())
                .flatMap(f -> f)
                .toList();
    }

    /// The definitions of all operators, for some of the forms that they have.
    private static Stream<FunctionProto> defined(Predicate<Form> forms) {
        return Stream.of(OwnOperator.values())
                .flatMap(op -> op.forms().stream().filter(forms).map(form -> definition(op, form)));
    }

    private static FunctionProto definition(OwnOperator op, Form form) {
        var f = new FunctionBody(op.name(form), op.operandNames(), op.resultNames(), op.attributeNames());
        if (form != Form.FLOAT32 && op.forms().contains(Form.FLOAT32)) {
            RoundedFunctions.define(op, form, f);
        } else {
            define(op, form, f);
        }
        return f.build();
    }

    private static void define(OwnOperator op, Form form, FunctionBody f) {
        switch (op) {
            case GEMM -> gemm(f);
            case SORT -> sort(f);
            case UNSORT -> unsort(f);
            case ECF -> ecf(f);
            case ECF_GRAD -> ecfGrad(f);
            case GELU -> gelu(f);
            case GELU_GRAD -> geluGrad(f);
            case ADD, MUL -> RoundedFunctions.wide(f, form, op.operandNames(), "C", op.name(Form.FLOAT32));
            case RELU, SIGMOID, TANH -> RoundedFunctions.wide(f, form, List.of("X"), "Y", op.name(Form.FLOAT32));
            case HARD_SIGMOID ->
                RoundedFunctions.wide(f, form, List.of("X"), "Y", op.name(Form.FLOAT32), Activations.HARD_SIGMOID);
            case SILU -> f.define("Y", "Mul", List.of("X", f.node("Sigmoid", List.of("X"))));
            case HARD_SWISH -> f.define("Y", "HardSwish", List.of("X"));
            case RELU_GRAD -> slope(UnaryFunction.RELU, f);
            case SIGMOID_GRAD -> slope(UnaryFunction.SIGMOID, f);
            case TANH_GRAD -> slope(UnaryFunction.TANH, f);
            case SILU_GRAD -> slope(UnaryFunction.SILU, f);
            case HARD_SIGMOID_GRAD -> slope(UnaryFunction.HARD_SIGMOID, f);
            case HARD_SWISH_GRAD -> slope(UnaryFunction.HARD_SWISH, f);
            case LAYER_NORM_GRAD -> layerNormGrad(f);
            case ATTENTION -> AttentionFunctions.attention(f);
            case ATTENTION_GRAD -> AttentionFunctions.attentionGrad(f);
            case BIASED_ATTENTION -> AttentionFunctions.biased(f);
            case BIASED_ATTENTION_GRAD -> AttentionFunctions.biasedGrad(f);
            case LOG_NDTR -> Normals.define(f);
            case LAYER_NORM -> RoundedFunctions.layerNorm(f, form);
            case CAST -> RoundedFunctions.cast(f, form);
            case CONV -> ImageFunctions.conv(f);
            case CONV_DATA_GRAD -> ImageFunctions.convDataGrad(f);
            case CONV_WEIGHTS_GRAD -> ImageFunctions.convWeightsGrad(f);
            case MAX_POOL -> ImageFunctions.maxPool(f);
            case MAX_POOL_GRAD -> ImageFunctions.maxPoolGrad(f);
            case AVERAGE_POOL -> ImageFunctions.averagePool(f);
            case AVERAGE_POOL_GRAD -> ImageFunctions.averagePoolGrad(f);
            case BATCH_NORM -> ImageFunctions.batchNorm(f);
            case BATCH_NORM_RELU -> ImageFunctions.batchNormRelu(f);
            case BATCH_NORM_RELU_GRAD -> ImageFunctions.batchNormReluGrad(f);
            case ADD_RELU -> f.define("Y", "Relu", List.of(f.node("Add", List.of("A", "B"))));
            case BATCH_NORM_GRAD -> ImageFunctions.batchNormGrad(f);
            case ADAM_W -> Updates.define(f);
            case ADAM_W_COPY -> Updates.defineWithCopy(f);
        }
    }

    private static void gemm(FunctionBody f) {
        f.define("Y", "Gemm", List.of("A", "B", "C"), f.own("transA"), f.own("transB"));
    }

    private static void ecf(FunctionBody f) {
        var angles = angles(f);
        f.define("C", "ReduceMean", List.of(f.node("Cos", List.of(angles)), f.integers(-2)), attribute("keepdims", 0L));
        f.define("S", "ReduceMean", List.of(f.node("Sin", List.of(angles)), f.integers(-2)), attribute("keepdims", 0L));
    }

    private static void ecfGrad(FunctionBody f) {
        var angles = angles(f);
        var sine = f.node(
                "Mul", List.of(f.node("Unsqueeze", List.of("dC", f.integers(-2))), f.node("Sin", List.of(angles))));
        var cosine = f.node(
                "Mul", List.of(f.node("Unsqueeze", List.of("dS", f.integers(-2))), f.node("Cos", List.of(angles))));
        var weighed = f.node("Mul", List.of(f.node("Sub", List.of(cosine, sine)), knots(f)));
        var sum = f.node("ReduceSum", List.of(weighed, f.integers(-3)), attribute("keepdims", 0L));
        var samples = f.node("Shape", List.of("X"), attribute("start", -2L), attribute("end", -1L));
        f.define("dX", "Div", List.of(sum, f.node("CastLike", List.of(samples, "X"))));
    }

    /// `[..., P, N, S]`
    private static String angles(FunctionBody f) {
        return f.node("Mul", List.of(f.node("Unsqueeze", List.of("X", f.integers(-3))), knots(f)));
    }

    /// `0, step, 2 step, ...` as `[P, 1, 1]`.
    private static String knots(FunctionBody f) {
        var numbers = f.node("Range", List.of(f.integer(0), f.ownInteger("knots"), f.integer(1)));
        var scaled = f.node("Mul", List.of(f.node("CastLike", List.of(numbers, "X")), f.ownNumber("step")));
        return f.node("Reshape", List.of(scaled, f.integers(-1, 1, 1)));
    }

    private static void sort(FunctionBody f) {
        var rows = f.node("Shape", List.of("X"), attribute("start", -2L), attribute("end", -1L));
        f.define(
                List.of("Y", "P"),
                "TopK",
                List.of("X", rows),
                attribute("axis", -2L),
                attribute("largest", 0L),
                attribute("sorted", 1L));
    }

    private static void unsort(FunctionBody f) {
        f.define("dX", "ScatterElements", List.of("dY", "P", "dY"), attribute("axis", -2L));
    }

    /// As [Gelus#value] has it.
    private static void gelu(FunctionBody f) {
        f.define("Y", "Mul", List.of("X", cdf(f, f.node("Mul", List.of("X", f.real(Math.sqrt(0.5)))))));
    }

    /// `Phi(sqrt(2) u)`.
    private static String cdf(FunctionBody f, String u) {
        return f.node(
                "HardSigmoid", List.of(f.node("Erf", List.of(u))), attribute("alpha", 0.5), attribute("beta", 0.5));
    }

    /// As [Gelus#gradient] has it.
    private static void geluGrad(FunctionBody f) {
        var u = f.node("Mul", List.of("X", f.real(Math.sqrt(0.5))));
        var cdf = cdf(f, u);
        var square = f.node("Mul", List.of(u, u));
        var pdf = f.node("Exp", List.of(f.node("Sub", List.of(f.real(-Math.log(Math.sqrt(2 * Math.PI))), square))));
        var slope = f.node("Add", List.of(cdf, f.node("Mul", List.of(pdf, "X"))));
        f.define("dX", "Mul", List.of("dY", slope));
    }

    private static void layerNormGrad(FunctionBody f) {
        var xhat = f.node("Mul", List.of(f.node("Sub", List.of("X", "mean")), "inv_std_dev"));
        var g = f.node("Mul", List.of("dY", "scale"));
        var gx = f.node("Mul", List.of(g, xhat));
        var mean = f.node("ReduceMean", List.of(g, f.integers(-1)));
        var slope = f.node("Mul", List.of(xhat, f.node("ReduceMean", List.of(gx, f.integers(-1)))));
        var inside = f.node("Sub", List.of(f.node("Sub", List.of(g, mean)), slope));
        f.define("dX", "Mul", List.of(inside, "inv_std_dev"));
        var weighted = f.node("Mul", List.of("dY", xhat));
        f.define("dscale", "ReduceSum", List.of(rows(f, weighted), f.integers(0)), attribute("keepdims", 0L));
        f.define("dbias", "ReduceSum", List.of(rows(f, "dY"), f.integers(0)), attribute("keepdims", 0L));
    }

    /// Shapes stay open in functions, so that of the formula does not matter.
    private static void slope(UnaryFunction function, FunctionBody f) {
        var graph = new Graph("slope");
        var dy = graph.input("dy", Type.f32(1));
        var dx = new Elementwise.UnaryGrad(function).parts(dy, graph.input("v", Type.f32(1)));
        graph.output("dx", dx);
        Formulas.append(f, graph, Map.of(dx, "dX"), List.of("dY", function.gradReadsResult() ? "Y" : "X"));
    }

    /// `[.., C]` as a matrix.
    private static String rows(FunctionBody f, String x) {
        return f.node("Flatten", List.of(x), attribute("axis", -1L));
    }
}
