package dev.lejepa.graphs.ir;

import java.util.function.DoubleBinaryOperator;

/// The elementary functions of two numbers, by ONNX's names, and what they are in double precision.
public enum BinaryFunction {
    ADD("Add", Double::sum),
    SUB("Sub", (a, b) -> a - b),
    MUL("Mul", (a, b) -> a * b),
    DIV("Div", (a, b) -> a / b),
    /// Of equal numbers each gets half the gradient.
    MIN("Min", Math::min),
    /// Of equal numbers each gets half the gradient.
    MAX("Max", Math::max),
    POW("Pow", Math::pow);

    private final String label;
    private final DoubleBinaryOperator definition;

    BinaryFunction(String label, DoubleBinaryOperator definition) {
        this.label = label;
        this.definition = definition;
    }

    /// The name of the operator that applies it.
    public String label() {
        return label;
    }

    public double apply(double a, double b) {
        return definition.applyAsDouble(a, b);
    }
}
