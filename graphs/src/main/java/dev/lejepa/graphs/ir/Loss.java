package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import java.util.List;

/// Losses with labels.
public sealed interface Loss extends Op {
    /// `(logits [R, C], labels int64 [R])` to `(mean of -log softmax[label], log softmax [R, C])`.
    record SoftmaxCrossEntropy() implements Loss {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            return OpRules.crossEntropy(in);
        }
    }

    /// `(dloss, log softmax [R, C], labels [R])` to the gradient with respect to the logits.
    record SoftmaxCrossEntropyGrad() implements Loss, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            return List.of(in.get(1));
        }
    }
}
