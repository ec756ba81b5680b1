package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;
import java.util.Locale;

/// The activations of layers, labelled by torch's names.
public enum Act {
    IDENTITY("Identity"),
    RELU("ReLU"),
    RELU6("ReLU6"),
    /// `x Phi(x)`.
    GELU("Gelu"),
    /// GELU with tanh in the place of the error function.
    GELU_TANH("GELUTanh"),
    /// `x sigmoid(1.702 x)`.
    QUICK_GELU("QuickGELU"),
    SILU("SiLU"),
    SIGMOID("Sigmoid"),
    HARD_SIGMOID("Hardsigmoid"),
    HARD_SWISH("Hardswish");

    private final String label;

    Act(String label) {
        this.label = label;
    }

    /// The name in timm's `act_layer`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param s for messages
    public Value forward(Scope s, Value x) {
        return s.within(label, () -> switch (this) {
            case IDENTITY -> x;
            case RELU -> x.relu();
            case RELU6 -> x.clip(0, 6);
            case GELU -> x.gelu();
            // (1 + tanh(z)) / 2 is sigmoid(2 z)
            case GELU_TANH -> {
                var z = x.add(x.square().mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
                yield x.mul(z.mul(2).sigmoid());
            }
            case QUICK_GELU -> x.mul(x.mul(1.702).sigmoid());
            case SILU -> x.silu();
            case SIGMOID -> x.sigmoid();
            case HARD_SIGMOID -> x.hardSigmoid();
            case HARD_SWISH -> x.hardSwish();
        });
    }
}
