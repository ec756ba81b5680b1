package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;

/// torch's `nn.BatchNorm1d` of rows. In training rows are normalized by the biased batch variance and the running
/// variance takes the unbiased one; in evaluation the running statistics normalize.
public record BatchNorm1d(long width, double epsilon, double momentum) {
    /// With torch's defaults.
    public BatchNorm1d(long width) {
        this(width, 1e-5, 0.1);
    }

    /// @param x `[R, width]`
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> normalize(s, x, 1, width, epsilon, momentum, Init.ones()));
    }

    /// Normalizes each of `width` indices of an axis over all the others.
    ///
    /// @param init of the weight
    static Value normalize(Scope s, Value x, int axis, long width, double epsilon, double momentum, Init init) {
        var weight = s.parameter("weight", init, width);
        var bias = s.parameter("bias", Init.zeros(), width);
        var mean = s.buffer("running_mean", Init.zeros(), width);
        var variance = s.buffer("running_var", Init.ones(), width);
        if (!s.training()) {
            var along = new long[x.shape().rank() - axis];
            Arrays.fill(along, 1);
            along[0] = width;
            var scale = weight.div(variance.add(epsilon).sqrt()).reshape(along);
            return x.sub(mean.reshape(along)).mul(scale).add(bias.reshape(along));
        }
        var results = s.graph().apply(new Norm.BatchNorm(axis, epsilon, momentum), x, weight, bias, mean, variance);
        s.update("running_mean", results.get(1));
        s.update("running_var", results.get(2));
        var one = s.graph().constant(Tensor.of(Shape.scalar(), 1L));
        s.update("num_batches_tracked", s.counter("num_batches_tracked").add(one));
        return results.get(0);
    }

    @Override
    public String toString() {
        return "BatchNorm1d " + width;
    }
}
