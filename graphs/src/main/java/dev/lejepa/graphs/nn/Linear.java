package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;

/// `y = x W^T + b` over the last axis, `weight [out, in]`, `bias [out]`.
///
/// @param init of the weight
/// @param biasInit of the bias
public record Linear(long in, long out, boolean bias, Init init, Init biasInit) {
    /// torch's `nn.Linear` with its default initialization.
    public static Linear torch(long in, long out) {
        return new Linear(in, out, true, Init.torchDefault(in), Init.torchDefault(in));
    }

    /// timm's Linear inside a ViT: weight normal 0.02, bias 0.
    public static Linear timm(long in, long out, boolean bias) {
        return new Linear(in, out, bias, new Init.Normal(0.02), Init.zeros());
    }

    /// @param x `[..., in]`
    /// @return `[..., out]`
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var w = s.parameter("weight", init, out, in);
            var dims = x.shape().dims();
            var rows = x.reshape(x.shape().size() / x.dim(-1), x.dim(-1)); // [rows, in]
            var y = bias ? rows.gemm(w, false, true, s.parameter("bias", biasInit, out)) : rows.gemm(w, false, true);
            dims[dims.length - 1] = out;
            return y.reshape(dims);
        });
    }

    @Override
    public String toString() {
        return Text.format("Linear %d -> %d", in, out);
    }
}
