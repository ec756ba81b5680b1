package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;

/// torch's `nn.BatchNorm1d` of rows. In training rows are normalized by the biased batch variance and the running
/// variance takes the unbiased one; in evaluation the running statistics normalize.
public record BatchNorm1d(long width, double epsilon, double momentum) {
    /// With torch's defaults.
    public BatchNorm1d(long width) {
        this(width, 1e-5, 0.1);
    }

    /// @param x `[R, width]`
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var weight = s.parameter("weight", Init.ones(), width);
            var bias = s.parameter("bias", Init.zeros(), width);
            var mean = s.buffer("running_mean", Init.zeros(), width);
            var variance = s.buffer("running_var", Init.ones(), width);
            if (!s.training()) {
                var scale = weight.div(variance.add(epsilon).sqrt());
                return x.sub(mean).mul(scale).add(bias);
            }
            var results = s.graph().apply(new Norm.BatchNorm(epsilon, momentum), x, weight, bias, mean, variance);
            s.update("running_mean", results.get(1));
            s.update("running_var", results.get(2));
            var one = s.graph().constant(Tensor.of(Shape.scalar(), 1L));
            s.update("num_batches_tracked", s.counter("num_batches_tracked").add(one));
            return results.get(0);
        });
    }

    @Override
    public String toString() {
        return "BatchNorm1d " + width;
    }
}
