package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.normal.Erf;
import dev.lejepa.graphs.normal.NormalLaw;
import java.util.function.DoubleUnaryOperator;

/// The elementary functions of one number, by the names that ONNX has for them where it does, and what they are in
/// double precision.
public enum UnaryFunction {
    NEG("Neg", x -> -x),
    EXP("Exp", Math::exp),
    LOG("Log", Math::log),
    SQRT("Sqrt", Math::sqrt),
    RECIPROCAL("Reciprocal", x -> 1 / x),
    SIN("Sin", Math::sin),
    COS("Cos", Math::cos),
    ERF("Erf", Erf::erf),
    RELU("Relu", x -> Math.max(x, 0)),
    /// -1, 0 or 1; its derivative is taken to be 0.
    SIGN("Sign", Math::signum),
    ABS("Abs", Math::abs),
    /// The logarithm of the standard normal distribution function, exact far into its lower tail.
    LOG_NDTR("LogNdtr", NormalLaw::logCdf);

    private final String label;
    private final DoubleUnaryOperator definition;

    UnaryFunction(String label, DoubleUnaryOperator definition) {
        this.label = label;
        this.definition = definition;
    }

    /// The name of the operator that applies it.
    public String label() {
        return label;
    }

    public double apply(double x) {
        return definition.applyAsDouble(x);
    }
}
