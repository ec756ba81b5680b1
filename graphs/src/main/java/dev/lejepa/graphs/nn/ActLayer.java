package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;
import java.util.Locale;

/// An activation between two layers, by the names of timm's `act_layer`.
public enum ActLayer {
    /// `x Phi(x)`.
    GELU,
    /// GELU with tanh in the place of the error function.
    GELU_TANH,
    /// `x sigmoid(1.702 x)`.
    QUICK_GELU,
    /// `x sigmoid(x)`.
    SILU;

    /// The word that timm and recipes use.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param x of any shape
    public Value forward(Scope s, Value x) {
        return s.within(word(), () -> switch (this) {
            case GELU -> x.gelu();
            // (1 + tanh(z)) / 2 is sigmoid(2 z)
            case GELU_TANH -> {
                var z = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
                yield x.mul(sigmoid(z.mul(2)));
            }
            case QUICK_GELU -> x.mul(sigmoid(x.mul(1.702)));
            case SILU -> x.mul(sigmoid(x));
        });
    }

    private static Value sigmoid(Value x) {
        return x.neg().exp().add(1).reciprocal();
    }
}
