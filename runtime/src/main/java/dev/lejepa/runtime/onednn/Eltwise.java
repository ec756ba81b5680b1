package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.onnx.OwnOperator;
import org.bytedeco.dnnl.global.dnnl;

/// The functions of single numbers that operators of ours call, as oneDNN has them.
enum Eltwise {
    /// The exact GELU.
    GELU(OwnOperator.GELU, OwnOperator.GELU_GRAD, dnnl.algorithm.eltwise_gelu_erf),
    RELU(
            OwnOperator.RELU,
            OwnOperator.RELU_GRAD,
            dnnl.algorithm.eltwise_relu,
            dnnl.algorithm.eltwise_relu_use_dst_for_bwd),
    SIGMOID(
            OwnOperator.SIGMOID,
            OwnOperator.SIGMOID_GRAD,
            dnnl.algorithm.eltwise_logistic,
            dnnl.algorithm.eltwise_logistic_use_dst_for_bwd),
    TANH(
            OwnOperator.TANH,
            OwnOperator.TANH_GRAD,
            dnnl.algorithm.eltwise_tanh,
            dnnl.algorithm.eltwise_tanh_use_dst_for_bwd),
    SILU(OwnOperator.SILU, OwnOperator.SILU_GRAD, dnnl.algorithm.eltwise_swish, 1, 0),
    HARD_SIGMOID(
            OwnOperator.HARD_SIGMOID, OwnOperator.HARD_SIGMOID_GRAD, dnnl.algorithm.eltwise_hardsigmoid, 1f / 6, 0.5f),
    HARD_SWISH(OwnOperator.HARD_SWISH, OwnOperator.HARD_SWISH_GRAD, dnnl.algorithm.eltwise_hardswish, 1f / 6, 0.5f);

    private final OwnOperator operator;
    private final OwnOperator gradient;
    private final dnnl.algorithm algorithm;
    private final dnnl.algorithm gradientAlgorithm;
    private final int gradientArgument;
    private final float alpha;
    private final float beta;

    /// One whose derivative reads the operand.
    Eltwise(OwnOperator operator, OwnOperator gradient, dnnl.algorithm algorithm, float alpha, float beta) {
        this.operator = operator;
        this.gradient = gradient;
        this.algorithm = algorithm;
        this.gradientAlgorithm = algorithm;
        this.gradientArgument = dnnl.DNNL_ARG_SRC;
        this.alpha = alpha;
        this.beta = beta;
    }

    Eltwise(OwnOperator operator, OwnOperator gradient, dnnl.algorithm algorithm) {
        this(operator, gradient, algorithm, 0, 0);
    }

    /// One whose derivative reads the result.
    Eltwise(OwnOperator operator, OwnOperator gradient, dnnl.algorithm algorithm, dnnl.algorithm gradientAlgorithm) {
        this.operator = operator;
        this.gradient = gradient;
        this.algorithm = algorithm;
        this.gradientAlgorithm = gradientAlgorithm;
        this.gradientArgument = dnnl.DNNL_ARG_DST;
        this.alpha = 0;
        this.beta = 0;
    }

    OwnOperator operator() {
        return operator;
    }

    /// The derivative times a cotangent.
    OwnOperator gradient() {
        return gradient;
    }

    dnnl.algorithm algorithm() {
        return algorithm;
    }

    dnnl.algorithm gradientAlgorithm() {
        return gradientAlgorithm;
    }

    /// What the derivative reads: the function's operand or its result.
    int gradientArgument() {
        return gradientArgument;
    }

    float alpha() {
        return alpha;
    }

    float beta() {
        return beta;
    }
}
