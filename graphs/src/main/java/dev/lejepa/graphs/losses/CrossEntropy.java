package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Loss;
import dev.lejepa.graphs.ir.Value;

/// The mean over rows of `-log softmax(logits)[label]`.
public final class CrossEntropy {
    private CrossEntropy() {}

    /// @param logits `[R, C]`
    /// @param labels int64 `[R]`
    /// @return a scalar
    public static Value loss(Value logits, Value labels) {
        return logits.graph()
                .apply(new Loss.SoftmaxCrossEntropy(), logits, labels)
                .getFirst();
    }
}
