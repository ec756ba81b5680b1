package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import java.util.List;

/// What attention and its gradient on float32 mean in standard ONNX.
final class AttentionFunctions {
    private static final List<Integer> SWAP_TOKENS_AND_HEADS = List.of(0, 2, 1, 3);
    private static final List<Integer> SWAP_LAST = List.of(0, 1, 3, 2);

    private AttentionFunctions() {}

    static void attention(FunctionBody f) {
        attention(f, "QKV");
    }

    /// Of the sum of `QKV` and `B`.
    static void biased(FunctionBody f) {
        attention(f, f.node("Add", List.of("QKV", "B")));
    }

    private static void attention(FunctionBody f, String qkv) {
        var heads = new Heads(f, qkv);
        var scores = heads.scores();
        var weights = f.node("Softmax", List.of(scores), attribute("axis", -1L));
        f.define("L", "ReduceLogSumExp", List.of(scores, f.integers(3)), attribute("keepdims", 0L));
        var context = f.node("MatMul", List.of(weights, heads.v));
        f.define("Y", "Reshape", List.of(heads.swap(context), f.integers(0, 0, -1)));
    }

    static void attentionGrad(FunctionBody f) {
        attentionGrad(f, "QKV");
    }

    /// Of the sum of `QKV` and `B`, and what of it belongs to `B`.
    static void biasedGrad(FunctionBody f) {
        attentionGrad(f, f.node("Add", List.of("QKV", "B")));
        f.define("dB", "ReduceSum", List.of("dQKV", f.integers(0, 1)), attribute("keepdims", 0L));
    }

    private static void attentionGrad(FunctionBody f, String qkv) {
        var heads = new Heads(f, qkv);
        var log = f.node("Unsqueeze", List.of("L", f.integers(3)));
        var weights = f.node("Exp", List.of(f.node("Sub", List.of(heads.scores(), log)))); // P
        var dContext = heads.inside("dY");
        var product = f.node("Mul", List.of(dContext, heads.inside("Y")));
        var sums = f.node("ReduceSum", List.of(product, f.integers(3)));
        var dWeights = f.node("MatMul", List.of(dContext, heads.transposed(heads.v)));
        var dScores = f.node("Mul", List.of(weights, f.node("Sub", List.of(dWeights, sums))));
        var scaled = f.node("Div", List.of(dScores, heads.scale));
        var parts = List.of(
                f.node("MatMul", List.of(scaled, heads.k)),
                f.node("MatMul", List.of(heads.transposed(scaled), heads.q)),
                f.node("MatMul", List.of(heads.transposed(weights), dContext)));
        var stacked = parts.stream()
                .map(p -> f.node("Unsqueeze", List.of(p, f.integers(0))))
                .toList();
        var all = f.node("Concat", stacked, attribute("axis", 0L)); // [3, N, H, T, d]
        var outside = f.node("Transpose", List.of(all), attribute("perm", List.of(1, 3, 0, 2, 4)));
        f.define("dQKV", "Reshape", List.of(outside, f.integers(0, 0, -1)));
    }

    /// Queries, keys and values `[N, H, T, d]` of a value `[N, T, 3 H d]`, and the square root of `d`.
    private static final class Heads {
        private final FunctionBody f;
        private final String count;
        private final String q;
        private final String k;
        private final String v;
        private final String scale;

        Heads(FunctionBody f, String qkv) {
            this.f = f;
            this.count = f.node("Unsqueeze", List.of(f.ownInteger("heads"), f.integers(0)));
            var shape = f.node("Concat", List.of(f.integers(0, 0, 3), count, f.integers(-1)), attribute("axis", 0L));
            var parted = f.node("Reshape", List.of(qkv, shape)); // [N, T, 3, H, d]
            var turned = f.node("Transpose", List.of(parted), attribute("perm", List.of(2, 0, 3, 1, 4)));
            this.q = part(turned, 0);
            this.k = part(turned, 1);
            this.v = part(turned, 2);
            var width = f.node("Shape", List.of(q), attribute("start", 3L), attribute("end", 4L));
            this.scale = f.node("Sqrt", List.of(f.node("CastLike", List.of(width, qkv))));
        }

        private String part(String turned, long index) {
            return f.node("Gather", List.of(turned, f.integer(index)), attribute("axis", 0L));
        }

        String scores() {
            return f.node("Div", List.of(f.node("MatMul", List.of(q, transposed(k))), scale));
        }

        String transposed(String x) {
            return f.node("Transpose", List.of(x), attribute("perm", SWAP_LAST));
        }

        String swap(String x) {
            return f.node("Transpose", List.of(x), attribute("perm", SWAP_TOKENS_AND_HEADS));
        }

        /// `[N, T, H d]` as `[N, H, T, d]`.
        String inside(String x) {
            var shape = f.node("Concat", List.of(f.integers(0, 0), count, f.integers(-1)), attribute("axis", 0L));
            return swap(f.node("Reshape", List.of(x, shape)));
        }
    }
}
