package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// Gradients of softmax and of the cross-entropy after it.
final class Softmaxes {
    private Softmaxes() {}

    /// `y (dy - sum(dy y))`.
    static Value gradient(Value dy, Value y, int axis) {
        return y.mul(dy.sub(dy.mul(y).sum(true, axis)));
    }

    /// `(exp(log softmax) - onehot(label)) dloss / R`.
    static Ref crossEntropyGradient(Site s) {
        var logits = s.type();
        var classes = logits.shape().dim(1);
        var onehot = s.node(
                "OneHot",
                logits,
                List.of(s.in(2), s.constant(classes), s.constant(Tensor.of(Shape.of(2), 0f, 1f))),
                attribute("axis", -1L));
        return s.value(List.of(s.in(0), s.in(1), onehot), in -> {
            var scale = in.get(0).mul(1.0 / logits.shape().dim(0));
            return in.get(1).exp().sub(in.get(2)).mul(scale);
        });
    }
}
