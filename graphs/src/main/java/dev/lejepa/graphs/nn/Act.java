package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// The activations of layers, by torch's names.
public enum Act {
    IDENTITY("Identity"),
    RELU("ReLU"),
    RELU6("ReLU6"),
    GELU("Gelu"),
    SILU("SiLU"),
    SIGMOID("Sigmoid"),
    HARD_SIGMOID("Hardsigmoid"),
    HARD_SWISH("Hardswish");

    private final String label;

    Act(String label) {
        this.label = label;
    }

    /// @param s for messages
    public Value forward(Scope s, Value x) {
        return s.within(label, () -> switch (this) {
            case IDENTITY -> x;
            case RELU -> x.relu();
            case RELU6 -> x.relu().sub(x.add(-6).relu());
            case GELU -> x.gelu();
            case SILU -> x.mul(sigmoid(x));
            case SIGMOID -> sigmoid(x);
            case HARD_SIGMOID -> hardSigmoid(x);
            case HARD_SWISH -> x.mul(hardSigmoid(x));
        });
    }

    private static Value sigmoid(Value x) {
        return x.neg().exp().add(1).reciprocal();
    }

    private static Value hardSigmoid(Value x) {
        return x.add(3).relu().sub(x.add(-3).relu()).mul(1.0 / 6);
    }
}
