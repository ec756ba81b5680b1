package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;

import java.util.List;

/// Attention of tokens to each other.
public sealed interface SelfAttention extends Op {
    /// Scaled dot-product attention of every token to every other: `qkv [N, T, 3 H d]`, rows ordered `[3][head][d]`,
    /// to the context `softmax(q k^T / sqrt(d)) v`, `[N, T, H d]`, and the logarithm of softmax's denominators,
    /// float32 `[N, H, T]`.
    record Attention(int heads) implements SelfAttention {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.attention(in.getFirst(), heads);
        }
    }

    /// `(dcontext, qkv, context, log denominators)` to the gradient with respect to `qkv`.
    record AttentionGrad(int heads) implements SelfAttention, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 4);
            equalShapes(in.get(0), in.get(2));
            return List.of(in.get(1));
        }
    }
}
