package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Shape;
import java.util.List;

/// Attention by its definition, one pair of tokens at a time.
final class Attention {
    private final NdArray qkv;
    private final int images;
    private final int tokens;
    private final int heads;
    private final int width;
    /// Softmax of the scores, `[images, heads, tokens, tokens]`.
    private final NdArray weights;

    private final NdArray logs;

    private Attention(NdArray qkv, int heads) {
        this.qkv = qkv;
        this.images = qkv.dim(0);
        this.tokens = qkv.dim(1);
        this.heads = heads;
        this.width = qkv.dim(2) / 3 / heads;
        var scores = NdArray.zeros(Shape.of(images, heads, tokens, tokens));
        for (var i = 0; i < scores.size(); i++) {
            scores.data()[i] = dot(i / tokens, i % tokens);
        }
        this.weights = Activations.softmax(scores);
        var logWeights = Activations.logSoftmax(scores);
        this.logs = NdArray.zeros(Shape.of(images, heads, tokens));
        for (var r = 0; r < logs.size(); r++) {
            logs.data()[r] = scores.get(r * tokens) - logWeights.get(r * tokens);
        }
    }

    /// Context and logarithms of the denominators.
    static List<NdArray> context(NdArray qkv, int heads) {
        var a = new Attention(qkv, heads);
        var context = NdArray.zeros(Shape.of(a.images, a.tokens, (long) heads * a.width));
        for (var r = 0; r < a.logs.size(); r++) {
            for (var j = 0; j < a.tokens; j++) {
                for (var c = 0; c < a.width; c++) {
                    context.data()[a.outside(r, c)] += a.weights.get(r * a.tokens + j) * qkv.get(a.at(2, r, j, c));
                }
            }
        }
        return List.of(context, a.logs);
    }

    static NdArray gradient(NdArray dContext, NdArray qkv, int heads) {
        var a = new Attention(qkv, heads);
        var dWeights = NdArray.zeros(a.weights.shape());
        var dqkv = NdArray.zeros(qkv.shape());
        for (var r = 0; r < a.logs.size(); r++) {
            for (var j = 0; j < a.tokens; j++) {
                for (var c = 0; c < a.width; c++) {
                    var d = dContext.get(a.outside(r, c));
                    dWeights.data()[r * a.tokens + j] += d * qkv.get(a.at(2, r, j, c));
                    dqkv.data()[a.at(2, r, j, c)] += d * a.weights.get(r * a.tokens + j);
                }
            }
        }
        var dScores = Activations.softmaxGrad(dWeights, a.weights);
        for (var r = 0; r < a.logs.size(); r++) {
            for (var j = 0; j < a.tokens; j++) {
                var d = dScores.get(r * a.tokens + j) / Math.sqrt(a.width);
                for (var c = 0; c < a.width; c++) {
                    dqkv.data()[a.at(0, r, r % a.tokens, c)] += d * qkv.get(a.at(1, r, j, c));
                    dqkv.data()[a.at(1, r, j, c)] += d * qkv.get(a.at(0, r, r % a.tokens, c));
                }
            }
        }
        return dqkv;
    }

    /// `qkv` and a row that is added to its rows.
    static NdArray biased(NdArray qkv, NdArray bias) {
        var sum = NdArray.zeros(qkv.shape());
        for (var i = 0; i < sum.size(); i++) {
            sum.data()[i] = qkv.get(i) + bias.get(i % bias.size());
        }
        return sum;
    }

    /// The gradient, and its sum over images and tokens.
    static List<NdArray> biasedGradient(NdArray dContext, NdArray qkv, int heads) {
        var dqkv = gradient(dContext, qkv, heads);
        var sums = NdArray.zeros(Shape.of(qkv.dim(2)));
        for (var i = 0; i < dqkv.size(); i++) {
            sums.data()[i % sums.size()] += dqkv.get(i);
        }
        return List.of(dqkv, sums);
    }

    /// The score of the token of row `r` (image, head and token) to token `j`.
    private double dot(int r, int j) {
        var sum = 0.0;
        for (var c = 0; c < width; c++) {
            sum += qkv.get(at(0, r, r % tokens, c)) * qkv.get(at(1, r, j, c));
        }
        return sum / Math.sqrt(width);
    }

    /// Index in `qkv` of component `c` of a query, key or value (`part` 0, 1, 2) of token `j`, image and head as row
    /// `r` has them.
    private int at(int part, int r, int j, int c) {
        var head = r / tokens % heads;
        var image = r / tokens / heads;
        return ((image * tokens + j) * 3 + part) * heads * width + head * width + c;
    }

    /// Index in the context of component `c` of row `r`.
    private int outside(int r, int c) {
        var head = r / tokens % heads;
        var image = r / tokens / heads;
        return (image * tokens + r % tokens) * heads * width + head * width + c;
    }
}
