package dev.lejepa.graphs.ir;

/// What two numbers are asked for, by ONNX's names.
public enum Comparison {
    LESS("Less"),
    LESS_OR_EQUAL("LessOrEqual"),
    GREATER("Greater"),
    GREATER_OR_EQUAL("GreaterOrEqual"),
    EQUAL("Equal");

    private final String label;

    Comparison(String label) {
        this.label = label;
    }

    /// The name of the operator that asks.
    public String label() {
        return label;
    }

    public boolean holds(double a, double b) {
        return switch (this) {
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            case EQUAL -> a == b;
        };
    }
}
