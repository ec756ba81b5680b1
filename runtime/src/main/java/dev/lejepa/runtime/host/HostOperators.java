package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Form;
import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.graphs.onnx.OwnOperator;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.Operator;
import dev.lejepa.runtime.kernel.Peers;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// The operators of `dev.lejepa` that Java computes.
public final class HostOperators {
    private HostOperators() {}

    /// The operator that stands for a formula in the graph that holds it.
    public static Operator fused(Formula formula) {
        var signature = new Signature(
                formula.name(),
                Collections.nCopies(formula.inputs(), DType.FLOAT32),
                0,
                Collections.nCopies(formula.results().size(), DType.FLOAT32));
        return new Operator(signature, _ -> new FusedKernel(formula));
    }

    /// Those that every graph may use.
    ///
    /// @param peers of this process
    public static List<Operator> all(Peers peers) {
        return List.of(
                operator(OwnOperator.ECF, EcfKernel::new),
                operator(OwnOperator.ECF_GRAD, EcfGradKernel::new),
                operator(OwnOperator.SORT, _ -> new SortKernel()),
                operator(OwnOperator.UNSORT, _ -> new UnsortKernel()),
                norm(OwnOperator.BATCH_NORM, Form.FLOAT32, peers),
                norm(OwnOperator.BATCH_NORM_RELU, Form.FLOAT32, peers),
                normGrad(OwnOperator.BATCH_NORM_GRAD, Form.FLOAT32, peers),
                normGrad(OwnOperator.BATCH_NORM_RELU_GRAD, Form.FLOAT32, peers),
                addRelu(Form.FLOAT32),
                operator(OwnOperator.ADAM_W, a -> new AdamWKernel(AdamWKernel.Settings.of(a), false)),
                operator(OwnOperator.ADAM_W_COPY, a -> new AdamWKernel(AdamWKernel.Settings.of(a), true)));
    }

    /// Those for graphs whose products are of bfloat16.
    ///
    /// @param peers of this process
    public static List<Operator> onBFloat16(Peers peers) {
        return List.of(
                norm(OwnOperator.BATCH_NORM, Form.BFLOAT16, peers),
                norm(OwnOperator.BATCH_NORM_RELU, Form.BFLOAT16, peers),
                normGrad(OwnOperator.BATCH_NORM_GRAD, Form.BFLOAT16, peers),
                normGrad(OwnOperator.BATCH_NORM_RELU_GRAD, Form.BFLOAT16, peers),
                addRelu(Form.BFLOAT16));
    }

    private static Operator norm(OwnOperator operator, Form form, Peers peers) {
        var relu = operator == OwnOperator.BATCH_NORM_RELU;
        return new Operator(operator.on(form), a -> new BatchNormKernel(form.operand(), relu, a, peers));
    }

    private static Operator normGrad(OwnOperator operator, Form form, Peers peers) {
        var relu = operator == OwnOperator.BATCH_NORM_RELU_GRAD;
        return new Operator(operator.on(form), a -> new BatchNormGradKernel(form.operand(), relu, a, peers));
    }

    private static Operator addRelu(Form form) {
        return new Operator(OwnOperator.ADD_RELU.on(form), _ -> new AddReluKernel(form.operand()));
    }

    private static Operator operator(OwnOperator operator, Function<Attributes, Kernel> kernel) {
        return new Operator(operator.on(Form.FLOAT32), kernel);
    }
}
