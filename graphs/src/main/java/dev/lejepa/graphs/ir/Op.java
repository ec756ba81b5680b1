package dev.lejepa.graphs.ir;

import java.util.List;

/// What a node computes: a closed set of records that hold attributes and say how result types follow from operand
/// types, in a sealed interface for each kind. Gradients, lowering, reference kernels and costs are exhaustive switches
/// over this set in other packages.
public sealed interface Op
        permits Activation,
                Convolution,
                Elementwise,
                Leaf,
                Loss,
                Movement,
                Norm,
                Op.Backward,
                Optimizer,
                Pooling,
                Product,
                Reduction,
                Rewritten,
                SelfAttention,
                Statistic {
    /// The result types for these operand types.
    ///
    /// @throws ShapeException if the operands do not fit
    List<Type> infer(List<Type> in);

    /// The operator's name, as ONNX has it where ONNX has the operator.
    default String name() {
        return getClass().getSimpleName();
    }

    /// What has no gradient itself: derivatives of composite operators above all, and what passes make of a graph that
    /// is differentiated already.
    sealed interface Backward extends Op
            permits Activation.AddRelu,
                    Activation.GeluGrad,
                    Activation.SoftmaxGrad,
                    Convolution.ConvDataGrad,
                    Convolution.ConvWeightsGrad,
                    Elementwise.UnaryGrad,
                    Loss.SoftmaxCrossEntropyGrad,
                    Movement.GatherGrad,
                    Norm.BatchNormGrad,
                    Norm.LayerNormGrad,
                    Optimizer.AdamW,
                    Pooling.AveragePoolGrad,
                    Pooling.MaxPoolGrad,
                    Rewritten.Barrier,
                    Rewritten.BiasedAttention,
                    Rewritten.BiasedAttentionGrad,
                    Rewritten.Fused,
                    Rewritten.ProductRows,
                    Rewritten.Rows,
                    Rewritten.Updates,
                    SelfAttention.AttentionGrad,
                    Statistic.EcfGrad,
                    Statistic.Unsort {}
}
