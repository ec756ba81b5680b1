package dev.lejepa.graphs.interpret;

import java.util.List;

/// The empirical characteristic function and cross-entropy.
final class Statistics {
    private Statistics() {}

    /// `x [..., N, S]` to the means over `N` of `cos(t x)` and `sin(t x)`, `[..., P, S]`, at `t = 0, step, ...`.
    static List<NdArray> ecf(NdArray x, int knots, double step) {
        var samples = x.dim(-2);
        var slices = x.dim(-1);
        var cos = NdArray.zeros(x.shape().with(-2, knots));
        var sin = NdArray.zeros(cos.shape());
        for (var i = 0; i < x.size(); i++) {
            var group = i / (samples * slices);
            for (var p = 0; p < knots; p++) {
                var at = (group * knots + p) * slices + i % slices;
                cos.data()[at] += Math.cos(p * step * x.get(i)) / samples;
                sin.data()[at] += Math.sin(p * step * x.get(i)) / samples;
            }
        }
        return List.of(cos, sin);
    }

    /// `(dC, dS, x)` to `dx = mean over samples of sum_p t_p (dS_p cos(t_p x) - dC_p sin(t_p x))`.
    static NdArray ecfGrad(List<NdArray> in, int knots, double step) {
        var x = in.get(2);
        var samples = x.dim(-2);
        var slices = x.dim(-1);
        var dx = NdArray.zeros(x.shape());
        for (var i = 0; i < x.size(); i++) {
            var group = i / (samples * slices);
            for (var p = 0; p < knots; p++) {
                var at = (group * knots + p) * slices + i % slices;
                var t = p * step;
                dx.data()[i] += t
                        * (in.get(1).get(at) * Math.cos(t * x.get(i))
                                - in.get(0).get(at) * Math.sin(t * x.get(i)))
                        / samples;
            }
        }
        return dx;
    }

    /// `(logits [R, C], labels [R])` to `(mean of -log softmax[label], log softmax)`.
    static List<NdArray> crossEntropy(NdArray logits, NdArray labels) {
        var logProbabilities = Activations.logSoftmax(logits);
        var loss = 0.0;
        for (var r = 0; r < labels.size(); r++) {
            loss -= logProbabilities.get(r * logits.dim(1) + (int) labels.get(r)) / labels.size();
        }
        return List.of(NdArray.scalar(loss), logProbabilities);
    }

    /// `(dloss, log softmax [R, C], labels [R])` to `dloss (softmax - one-hot) / R`.
    static NdArray crossEntropyGrad(List<NdArray> in) {
        var labels = in.get(2);
        var scale = in.get(0).item() / labels.size();
        var dx = Pointwise.map(in.subList(1, 2), l -> scale * Math.exp(l)).getFirst();
        for (var r = 0; r < labels.size(); r++) {
            dx.data()[r * dx.dim(1) + (int) labels.get(r)] -= scale;
        }
        return dx;
    }
}
