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
import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.graphs.onnx.ValueTypes;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.runtime.cuda.KernelCost;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
/// - products and convolutions of float32 are rounded to TF32.
///
/// Not counted: copies of images from the host, which run beside the step; copies and casts that ONNX Runtime puts in,
/// of which it needs none for a step's graphs; layouts and workspaces that cuDNN changes and takes for itself; what
/// kernels read again out of the caches; sums that a product or a reduction keeps in parts.
final class NodeCosts {
    private static final String OURS = "dev.lejepa";
    private static final String ATTENTION_NODE = onBFloat16(OwnOperator.ATTENTION);
    private static final String ATTENTION_GRAD_NODE = onBFloat16(OwnOperator.ATTENTION_GRAD);
    private static final String BIASED_NODE = onBFloat16(OwnOperator.BIASED_ATTENTION);
    private static final String BIASED_GRAD_NODE = onBFloat16(OwnOperator.BIASED_ATTENTION_GRAD);

    private final ValueTypes types;
    private final Map<String, RowFormula> formulas;
    private final Map<String, UpdateFormula> updates;
    private final OperatorClass ofFormulas;
    private final String architecture;
    private final Set<String> constants = new HashSet<>();

    /// @param formulas of rows by the name of their operators
    /// @param updates of weights, likewise
    /// @param ofFormulas what they are counted as
    /// @param architecture of the device, for instance `sm_90`
    NodeCosts(
            GraphProto graph,
            Map<String, RowFormula> formulas,
            Map<String, UpdateFormula> updates,
            OperatorClass ofFormulas,
            String architecture) {
        this.updates = updates;
        this.types = ValueTypes.of(graph);
        this.formulas = formulas;
        this.ofFormulas = ofFormulas;
        this.architecture = architecture;
        graph.getInitializerList().forEach(t -> constants.add(t.getName()));
    }

    /// The cost of the next node of the graph; operands come before their readers.
    NodeCost of(NodeProto n) {
        if (operands(n).stream().allMatch(i -> i.isEmpty() || constants.contains(i))) {
            constants.addAll(results(n));
            return NodeCost.NOTHING;
        }
        return n.getDomain().equals(OURS) ? ours(n) : runtime(n);
    }

    private NodeCost ours(NodeProto n) {
        var name = n.getOpType();
        var formula = formulas.get(name);
        if (formula != null) {
            var operands = operands(n).stream().map(types::dims).toList();
            return of(ofFormulas, KernelCost.rows(formula, operands));
        }
        var update = updates.get(name);
        if (update != null) {
            var operands = operands(n).stream().map(types::dims).toList();
            return of(OPTIMIZER, KernelCost.updates(update, operands));
        }
        var heads = integer(n, "heads", 0);
        if (name.equals(ATTENTION_NODE) || name.equals(BIASED_NODE)) {
            var biased = name.equals(BIASED_NODE);
            return of(ATTENTION, KernelCost.attention(types.dims(n.getInput(0)), heads, biased));
        }
        if (name.equals(ATTENTION_GRAD_NODE) || name.equals(BIASED_GRAD_NODE)) {
            var biased = name.equals(BIASED_GRAD_NODE);
            var qkv = types.dims(n.getInput(1));
            return of(ATTENTION, KernelCost.attentionGradient(qkv, heads, biased, architecture));
        }
        return OwnMapCosts.of(n, types)
                .orElseThrow(() -> new BadInputException(
                        Text.format("node '%s': there is no CUDA kernel for %s.%s", n.getName(), OURS, name)));
    }

    private static String onBFloat16(OwnOperator operator) {
        return operator.on(Form.BFLOAT16).name();
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
