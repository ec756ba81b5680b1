package dev.lejepa.tools.roofline;

import static dev.lejepa.graphs.onnx.ValueTypes.operands;
import static dev.lejepa.tools.roofline.OperatorClass.CONVOLUTIONS;
import static dev.lejepa.tools.roofline.OperatorClass.OTHER;

import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.ValueTypes;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.runtime.cuda.KernelCost;
import java.util.Optional;
import java.util.Set;

/// What operators of ours on bfloat16 maps `[N, H, W, C]` cost on a CUDA device.
final class OwnMapCosts {
    private static final String CONV = OwnOperator.CONV.on(Form.BFLOAT16).name();
    private static final String DATA_GRAD =
            OwnOperator.CONV_DATA_GRAD.on(Form.BFLOAT16).name();
    private static final String WEIGHTS_GRAD =
            OwnOperator.CONV_WEIGHTS_GRAD.on(Form.BFLOAT16_TO_FLOAT32).name();
    private static final Set<String> POOLS = Set.of(
            OwnOperator.MAX_POOL.on(Form.BFLOAT16).name(),
            OwnOperator.MAX_POOL_GRAD.on(Form.BFLOAT16).name(),
            OwnOperator.AVERAGE_POOL.on(Form.BFLOAT16).name(),
            OwnOperator.AVERAGE_POOL_GRAD.on(Form.BFLOAT16).name());

    private OwnMapCosts() {}

    /// The cost of a convolution or of pooling, or of one of their gradients; empty for other nodes.
    static Optional<NodeCost> of(NodeProto n, ValueTypes types) {
        var name = n.getOpType();
        if (POOLS.contains(name)) {
            var read = operands(n).stream().map(types::dims).toList();
            return Optional.of(NodeCosts.of(OTHER, KernelCost.pool(read, types.dims(n.getOutput(0)), window(n))));
        }
        return convolution(n, types).map(c -> NodeCosts.of(CONVOLUTIONS, c));
    }

    private static Optional<KernelCost> convolution(NodeProto n, ValueTypes types) {
        var name = n.getOpType();
        if (!name.equals(CONV) && !name.equals(DATA_GRAD) && !name.equals(WEIGHTS_GRAD)) {
            return Optional.empty();
        }
        var first = types.dims(n.getInput(0));
        var second = types.dims(n.getInput(1));
        var made = types.dims(n.getOutput(0));
        return Optional.of(
                name.equals(WEIGHTS_GRAD)
                        ? KernelCost.convolutionWeights(second, made, first)
                        : KernelCost.convolution(first, second, made, name.equals(CONV) ? made : first));
    }

    private static long window(NodeProto n) {
        return n.getAttributeList().stream()
                .filter(a -> a.getName().equals("kernel_shape"))
                .map(AttributeProto::getIntsList)
                .flatMap(l -> l.stream())
                .reduce(1L, Math::multiplyExact);
    }
}
