package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Convolution;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.SelfAttention;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.UnaryFunction;

/// The table of memory: where an operator's results live, and what it holds while it computes.
///
/// @param result where the first result lives
/// @param temporaries tensors of the size of the largest operand held besides operands and results, where a composite is
///     computed by elementary operators
record Footprint(Result result, int temporaries) {
    enum Result {
        /// The operand's memory.
        VIEW,
        /// Memory of its own, or that of an operand of the same size which nobody reads later.
        IN_PLACE,
        /// Memory of its own.
        FRESH
    }

    private static final Footprint VIEW = new Footprint(Result.VIEW, 0);
    private static final Footprint IN_PLACE = new Footprint(Result.IN_PLACE, 0);
    private static final Footprint FRESH = new Footprint(Result.FRESH, 0);

    static Footprint of(Op op) {
        return switch (op) {
            case Leaf.Input _, Leaf.Constant _ -> FRESH;
            case Movement.Reshape _, Elementwise.StopGradient _ -> VIEW;

            case Elementwise.Unary u -> of(u.function());
            case Elementwise.Binary b -> of(b.function());
            case Elementwise.Clip _ -> IN_PLACE;
            case Elementwise.UnaryGrad _, Elementwise.Compare _, Elementwise.Where _ -> FRESH;
            case Activation.Softmax _ -> IN_PLACE;

            case Elementwise.Cast _, Product.MatMul _, Product.Gemm _, Reduction.ReduceSum _, Reduction.ReduceMean _ ->
                FRESH;
            case Rewritten.Barrier _, Reduction.ReduceMax _ -> FRESH;
            case Movement.Transpose _,
                    Movement.Slice _,
                    Movement.Split _,
                    Movement.Pad _,
                    Movement.Gather _,
                    Movement.GatherGrad _,
                    Movement.Concat _,
                    Movement.Expand _ -> FRESH;
            case Activation.Gelu _, Norm.LayerNorm _, Loss.SoftmaxCrossEntropy _, Loss.SoftmaxCrossEntropyGrad _ ->
                FRESH;

            case SelfAttention.Attention _,
                    SelfAttention.AttentionGrad _,
                    Activation.GeluGrad _,
                    Norm.LayerNormGrad _ -> FRESH;
            case Convolution _, Pooling _ -> FRESH;
            case Activation.AddRelu _ -> FRESH;
            case Activation.SoftmaxGrad _ -> new Footprint(Result.IN_PLACE, 1);
            case Norm.BatchNormGrad _ -> new Footprint(Result.IN_PLACE, 2);
            case Norm.BatchNorm _ -> new Footprint(Result.FRESH, 1);
            // Cosine and sine at the first knot and at the present one, and a product.
            case Statistic.Ecf _, Statistic.EcfGrad _ -> new Footprint(Result.FRESH, 5);
            case Statistic.Sort _, Statistic.Unsort _, Rewritten.Fused _ -> FRESH;
            case Rewritten.Rows _, Rewritten.ProductRows _ -> FRESH;
            case Rewritten.BiasedAttention _, Rewritten.BiasedAttentionGrad _ -> FRESH;
            // Weight and moments are written in place.
            case Optimizer.AdamW _, Rewritten.Updates _ -> IN_PLACE;
        };
    }

    private static Footprint of(BinaryFunction function) {
        return switch (function) {
            case ADD, SUB, MUL, DIV, POW -> IN_PLACE;
            case MIN, MAX -> FRESH;
        };
    }

    private static Footprint of(UnaryFunction function) {
        return switch (function) {
            case NEG, EXP, LOG, SQRT, RECIPROCAL, SIN, COS, ERF, RELU, SIGN, ABS -> IN_PLACE;
            case SIGMOID, TANH, HARD_SIGMOID -> IN_PLACE;
            case SILU, HARD_SWISH -> FRESH;
            case LOG_NDTR -> new Footprint(Result.FRESH, 3);
        };
    }
}
