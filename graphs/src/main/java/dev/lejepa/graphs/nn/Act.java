package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.UnaryFunction;
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
            case RELU6 -> x.clip(0, 6);
            case GELU -> x.gelu();
            case SILU -> x.apply(UnaryFunction.SILU);
            case SIGMOID -> x.apply(UnaryFunction.SIGMOID);
            case HARD_SIGMOID -> x.apply(UnaryFunction.HARD_SIGMOID);
            case HARD_SWISH -> x.apply(UnaryFunction.HARD_SWISH);
        });
    }
}
