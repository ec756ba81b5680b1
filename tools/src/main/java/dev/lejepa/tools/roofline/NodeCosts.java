package dev.lejepa.tools.roofline;

import static dev.lejepa.graphs.onnx.ValueTypes.operands;
import static dev.lejepa.graphs.onnx.ValueTypes.results;
import static dev.lejepa.tools.roofline.OperatorClass.ATTENTION;
import static dev.lejepa.tools.roofline.OperatorClass.CONVOLUTIONS;
import static dev.lejepa.tools.roofline.OperatorClass.LAYOUT;
import static dev.lejepa.tools.roofline.OperatorClass.OPTIMIZER;
import static dev.lejepa.tools.roofline.OperatorClass.OTHER;
import static dev.lejepa.tools.roofline.OperatorClass.PRODUCTS;
import static dev.lejepa.tools.roofline.OperatorClass.REDUCTIONS;
import static dev.lejepa.tools.roofline.OperatorClass.ROWS;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.ValueTypes;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.runtime.cuda.KernelCost;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The table of kernels that a CUDA device runs for a node.
///
/// Operators of ours are counted as their kernels are written ([KernelCost]). Of ONNX Runtime's it is assumed that
/// - a kernel reads each operand once and writes each result once, also a product, whose tiles are then in the
///   second-level cache when they are read again, and a product over many rows, which may be summed in parts;
/// - a product with a bias writes it to all rows in a kernel before, and reads it back;
/// - constants of whole numbers, which say where and how long, lie in host memory;
/// - slices, splits and gathered rows read what they give and no more;
/// - another shape for the same elements takes nothing, nor does what follows from constants alone;
/// - products and convolutions of float32 are rounded to TF32, those of attention too.
///
/// Not counted: copies of images from the host, which run beside the step; copies and casts that ONNX Runtime puts in,
/// of which it needs none for a step's graphs; layouts and workspaces that cuDNN changes and takes for itself; what
/// kernels read again out of the caches; sums that a product or a reduction keeps in parts.
final class NodeCosts {
    private static final String OURS = "dev.lejepa";
    private static final Set<String> ATTENTION_NODES = names(OwnOperator.ATTENTION);
    private static final Set<String> ATTENTION_GRAD_NODES = names(OwnOperator.ATTENTION_GRAD);
    private static final Set<String> BIASED_NODES = names(OwnOperator.BIASED_ATTENTION);
    private static final Set<String> BIASED_GRAD_NODES = names(OwnOperator.BIASED_ATTENTION_GRAD);

    private final ValueTypes types;
    private final FormulaCosts formulas;
    private final String architecture;
    private final Set<String> constants = new HashSet<>();

    /// @param formulas that the graph holds
    /// @param ofRows what formulas of rows are counted as
    /// @param architecture of the device, for instance `sm_90`
    NodeCosts(GraphProto graph, DeviceFormulas formulas, OperatorClass ofRows, String architecture) {
        this.types = ValueTypes.of(graph);
        this.formulas = new FormulaCosts(formulas, ofRows, architecture);
        this.architecture = architecture;
        graph.getInitializerList().forEach(t -> constants.add(t.getName()));
    }

    /// The costs of the next node of the graph, most often one; operands come before their readers.
    List<NodeCost> of(NodeProto n) {
        if (operands(n).stream().allMatch(i -> i.isEmpty() || constants.contains(i))) {
            constants.addAll(results(n));
            return List.of(NodeCost.NOTHING);
        }
        if (!n.getDomain().equals(OURS)) {
            return List.of(runtime(n));
        }
        return formulas.has(n.getOpType())
                ? formulas.of(
                        n.getOpType(), operands(n).stream().map(types::dims).toList())
                : List.of(ours(n));
    }

    private NodeCost ours(NodeProto n) {
        var name = n.getOpType();
        var heads = integer(n, "heads", 0);
        var biased = BIASED_NODES.contains(name);
        if (biased || ATTENTION_NODES.contains(name)) {
            var qkv = n.getInput(0);
            return attention(qkv, KernelCost.attention(types.dims(qkv), type(qkv), heads, biased, architecture));
        }
        var biasedGrad = BIASED_GRAD_NODES.contains(name);
        if (biasedGrad || ATTENTION_GRAD_NODES.contains(name)) {
            var qkv = n.getInput(1);
            var cost = KernelCost.attentionGradient(types.dims(qkv), type(qkv), heads, biasedGrad, architecture);
            return attention(qkv, cost);
        }
        return OwnMapCosts.of(n, types)
                .orElseThrow(() -> new BadInputException(
                        Text.format("node '%s': there is no CUDA kernel for %s.%s", n.getName(), OURS, name)));
    }

    private static Set<String> names(OwnOperator operator) {
        return Set.of(
                operator.on(Form.BFLOAT16).name(), operator.on(Form.FLOAT32).name());
    }

    private DType type(String value) {
        return types.isFloat32(value) ? DType.FLOAT32 : DType.BFLOAT16;
    }

    private NodeCost attention(String qkv, KernelCost cost) {
        var float32 = types.isFloat32(qkv);
        return new NodeCost(
                ATTENTION,
                float32 ? 0 : cost.products(),
                float32 ? cost.products() : 0,
                cost.others(),
                cost.read(),
                cost.written(),
                cost.launches());
    }

    static NodeCost of(OperatorClass kind, KernelCost cost) {
        return new NodeCost(kind, cost.products(), 0, cost.others(), cost.read(), cost.written(), cost.launches());
    }

    private NodeCost runtime(NodeProto n) {
        return switch (n.getOpType()) {
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Shape" -> NodeCost.NOTHING;
            case "Gemm" -> product(n, types.dims(n.getInput(0))[(int) (1 - integer(n, "transA", 0))]);
            case "MatMul" -> product(n, fromEnd(n.getInput(0), 1));
            case "FusedMatMul" -> product(n, fromEnd(n.getInput(0), integer(n, "transA", 0) == 0 ? 1 : 2));
            case "Conv" -> convolution(n, (double) written(n) * filter(n));
            case "ConvTranspose" -> convolution(n, (double) types.elements(n.getInput(0)) * filter(n));
            case "ConvGrad" -> {
                var wanted =
                        results(n).stream().limit(2).filter(o -> !o.isEmpty()).count();
                yield convolution(n, (double) wanted * types.elements(n.getInput(0)) * filter(n));
            }
            case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin" -> plain(REDUCTIONS, n, operand(n));
            case "AdamOptimizer" -> plain(OPTIMIZER, n, 14.0 * types.elements(n.getInput(2)));
            case "Slice", "Split", "Gather", "Expand", "ConstantOfShape" ->
                NodeCost.simple(LAYOUT, 0, Math.min(read(n), writtenBytes(n)), writtenBytes(n));
            case "Cast", "Transpose", "Concat", "Pad", "ScatterElements", "GatherElementsGrad" -> plain(LAYOUT, n, 0);
            case "LayerNormalization", "Gelu", "BiasGelu", "FastGelu" -> plain(ROWS, n, 8.0 * written(n));
            case "LayerNormalizationGrad", "GeluGrad", "BiasGeluGrad_dX", "FastGeluGrad" ->
                plain(ROWS, n, 13.0 * written(n));
            case "Softmax", "SoftmaxGrad_13", "SoftmaxCrossEntropyLoss", "SoftmaxCrossEntropyLossGrad" ->
                plain(OTHER, n, 5.0 * operand(n));
            // elementary functions and the like
            default -> plain(OTHER, n, written(n));
        };
    }

    /// @param depth of the sum
    private NodeCost product(NodeProto n, long depth) {
        var flops = 2.0 * written(n) * depth;
        var float32 = types.isFloat32(n.getInput(0));
        var biased = n.getOpType().equals("Gemm")
                && n.getInputCount() > 2
                && !n.getInput(2).isEmpty();
        var again = biased ? writtenBytes(n) : 0;
        return new NodeCost(
                PRODUCTS,
                float32 ? 0 : flops,
                float32 ? flops : 0,
                0,
                read(n) + again,
                writtenBytes(n) + again,
                biased ? 2 : 1);
    }

    /// @param pairs of weights and elements
    private NodeCost convolution(NodeProto n, double pairs) {
        var float32 = types.isFloat32(n.getInput(0));
        return new NodeCost(
                CONVOLUTIONS, float32 ? 0 : 2 * pairs, float32 ? 2 * pairs : 0, 0, read(n), writtenBytes(n), (int)
                        results(n).stream().filter(o -> !o.isEmpty()).count());
    }

    /// Weights that an element of the leading channels meets.
    private double filter(NodeProto n) {
        var weights = n.getOpType().equals("ConvGrad") ? n.getInput(2) : n.getInput(1);
        return (double) types.elements(weights) / types.dims(weights)[0];
    }

    private NodeCost plain(OperatorClass kind, NodeProto n, double operations) {
        return NodeCost.simple(kind, operations, read(n), writtenBytes(n));
    }

    private long fromEnd(String value, int place) {
        var dims = types.dims(value);
        return dims[dims.length - place];
    }

    private double operand(NodeProto n) {
        return types.elements(n.getInput(0));
    }

    private long written(NodeProto n) {
        return types.elements(n.getOutput(0));
    }

    private long read(NodeProto n) {
        return bytes(operands(n).stream()
                .filter(v -> v.isEmpty() || !constants.contains(v) || !types.isInt64(v))
                .toList());
    }

    private long writtenBytes(NodeProto n) {
        return bytes(results(n));
    }

    private long bytes(List<String> values) {
        return values.stream().distinct().mapToLong(types::bytes).sum();
    }

    private static long integer(NodeProto n, String name, long otherwise) {
        return n.getAttributeList().stream()
                .filter(a -> a.getName().equals(name))
                .findFirst()
                .map(a -> a.getI())
                .orElse(otherwise);
    }
}
