package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.Value;

/// The exact GELU `x Phi(x)` and its derivative over elementary operators.
final class Gelus {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private Gelus() {}

    /// `x/2 (1 + erf(x / sqrt 2))`.
    static Value value(Value x) {
        return x.mul(0.5).mul(x.mul(SQRT_HALF).erf().add(1));
    }

    /// `dy/2 (1 + erf(u) + x sqrt(2 / pi) exp(-u^2))` with `u = x / sqrt 2`. The factor of the density goes into the
    /// exponent and saves a pass. On a CPU the ten passes take 8 ms at 4112 x 1536, ONNX Runtime's `GeluGrad` and
    /// `BiasGeluGrad_dX` 17 and 18 (they use one thread).
    static Value gradient(Value dy, Value x) {
        var u = x.mul(SQRT_HALF);
        var exponent = x.graph().scalar(Math.log(Math.sqrt(2 / Math.PI))).sub(u.square());
        return u.erf().add(exponent.exp().mul(x)).add(1).mul(0.5).mul(dy);
    }
}
