package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// A gated perceptron whose first layer makes gate and value at once: `fc2(act(a) b)` with `[a, b] = fc1(x)`
/// (timm's `SwiGLUPacked` with SiLU).
///
/// @param hidden width of gate and value together
public record GluMlp(long dim, long hidden, Act act, boolean bias) implements FeedForward {
    @Override
    public Value forward(Scope s, Value x) {
        var packed = fc1().forward(s.at("fc1"), x); // [N, T, hidden]
        var gate = act.forward(s, packed.slice(-1, 0, hidden / 2));
        var gated = s.within("gate", () -> gate.mul(packed.slice(-1, hidden / 2, hidden)));
        return Linear.timm(hidden / 2, dim, bias).forward(s.at("fc2"), gated);
    }

    /// timm starts the second half of the rows near 0 with bias 1, whichever half is the gate.
    private Linear fc1() {
        return new Linear(
                dim,
                hidden,
                bias,
                new Init.Halves(new Init.Normal(0.02), new Init.Normal(1e-6)),
                new Init.Halves(Init.zeros(), Init.ones()));
    }
}
