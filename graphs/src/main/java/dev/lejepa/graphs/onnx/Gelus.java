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

    /// `dy/2 (1 + erf(x / sqrt 2) + x sqrt(2 / pi) exp(-x^2 / 2))`.
    static Value gradient(Value dy, Value x) {
        var density = x.mul(x).mul(-0.5).exp().mul(x).mul(Math.sqrt(2 / Math.PI));
        return x.mul(SQRT_HALF).erf().add(1).add(density).mul(dy.mul(0.5));
    }
}
