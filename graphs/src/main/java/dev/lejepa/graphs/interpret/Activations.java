package dev.lejepa.graphs.interpret;

import java.util.Arrays;

/// Softmax.
final class Activations {
    private Activations() {}

    /// Over an axis that is counted from the end.
    static NdArray softmax(NdArray x, int axis) {
        var last = x.shape().rank() - 1;
        var at = last + 1 + axis;
        return Layout.exchange(softmax(Layout.exchange(x, at, last)), at, last);
    }

    static NdArray softmaxGrad(NdArray dy, NdArray y, int axis) {
        var last = y.shape().rank() - 1;
        var at = last + 1 + axis;
        var dx = softmaxGrad(Layout.exchange(dy, at, last), Layout.exchange(y, at, last));
        return Layout.exchange(dx, at, last);
    }

    /// Over the last axis.
    static NdArray softmax(NdArray x) {
        var y = logSoftmax(x);
        Arrays.setAll(y.data(), i -> Math.exp(y.get(i)));
        return y;
    }

    /// `x - max - log(sum(exp(x - max)))`.
    static NdArray logSoftmax(NdArray x) {
        var n = x.rowLength();
        var y = NdArray.zeros(x.shape());
        for (var row = 0; row < x.size(); row += n) {
            var max = Double.NEGATIVE_INFINITY;
            for (var i = row; i < row + n; i++) {
                max = Math.max(max, x.get(i));
            }
            var sum = 0.0;
            for (var i = row; i < row + n; i++) {
                sum += Math.exp(x.get(i) - max);
            }
            var log = Math.log(sum);
            for (var i = row; i < row + n; i++) {
                y.data()[i] = x.get(i) - max - log;
            }
        }
        return y;
    }

    static NdArray softmaxGrad(NdArray dy, NdArray y) {
        var n = y.rowLength();
        var dx = NdArray.zeros(y.shape());
        for (var row = 0; row < y.size(); row += n) {
            var dot = 0.0;
            for (var i = row; i < row + n; i++) {
                dot += dy.get(i) * y.get(i);
            }
            for (var i = row; i < row + n; i++) {
                dx.data()[i] = y.get(i) * (dy.get(i) - dot);
            }
        }
        return dx;
    }
}
