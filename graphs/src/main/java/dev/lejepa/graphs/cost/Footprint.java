package dev.lejepa.graphs.cost;

import dev.lejepa.graphs.ir.Op;

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
            case Op.Input _, Op.Constant _ -> FRESH;
            case Op.Reshape _, Op.StopGradient _ -> VIEW;

            case Op.Neg _, Op.Exp _, Op.Log _, Op.Sqrt _, Op.Reciprocal _, Op.Sin _, Op.Cos _, Op.Erf _ -> IN_PLACE;
            case Op.Relu _, Op.Sign _, Op.Abs _ -> IN_PLACE;
            case Op.Add _, Op.Sub _, Op.Mul _, Op.Div _ -> IN_PLACE;
            case Op.Softmax _ -> IN_PLACE;

            case Op.Cast _, Op.MatMul _, Op.Gemm _, Op.ReduceSum _, Op.ReduceMean _ -> FRESH;
            case Op.Barrier _ -> FRESH;
            case Op.Transpose _, Op.Slice _, Op.Split _, Op.Pad _, Op.Concat _, Op.Expand _ -> FRESH;
            case Op.Gelu _, Op.LayerNorm _, Op.SoftmaxCrossEntropy _, Op.SoftmaxCrossEntropyGrad _ -> FRESH;

            case Op.Attention _, Op.AttentionGrad _, Op.GeluGrad _, Op.LayerNormGrad _ -> FRESH;
            case Op.SoftmaxGrad _ -> new Footprint(Result.IN_PLACE, 1);
            case Op.BatchNormGrad _ -> new Footprint(Result.IN_PLACE, 2);
            case Op.BatchNorm _ -> new Footprint(Result.FRESH, 1);
            // Cosine and sine at the first knot and at the present one, and a product.
            case Op.Ecf _, Op.EcfGrad _ -> new Footprint(Result.FRESH, 5);
            case Op.LogNdtr _ -> new Footprint(Result.FRESH, 3);
            case Op.Sort _, Op.Unsort _, Op.Fused _ -> FRESH;
            // Weight and moments are written in place.
            case Op.AdamW _ -> IN_PLACE;
        };
    }
}
