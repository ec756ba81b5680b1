package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;

/// A convolution of one place: torch's `nn.Conv2d` with a kernel of 1 on rows that stand for maps of 1 x 1.
///
/// @param init of the weight `[out, in, 1, 1]`
/// @param biasInit of the bias
public record Pointwise(long in, long out, boolean bias, Init init, Init biasInit) {
    /// @param rows `[N, in]`
    /// @return `[N, out]`
    public Value forward(Scope s, Value rows) {
        return s.within(this, () -> {
            var w = s.parameter("weight", init, out, in, 1, 1).reshape(out, in);
            return bias ? rows.gemm(w, false, true, s.parameter("bias", biasInit, out)) : rows.gemm(w, false, true);
        });
    }

    @Override
    public String toString() {
        return Text.format("Conv2d %d -> %d, 1 x 1", in, out);
    }
}
