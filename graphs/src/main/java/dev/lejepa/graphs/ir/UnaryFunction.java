package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.normal.Erf;
import dev.lejepa.graphs.normal.NormalLaw;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// The elementary functions of one number, by the names that ONNX has for them where it does, and what they are in
/// double precision. Those that layers activate with have their derivative as an operator, [Elementwise.UnaryGrad].
public enum UnaryFunction {
    NEG("Neg", x -> -x),
    EXP("Exp", Math::exp),
    LOG("Log", Math::log),
    SQRT("Sqrt", Math::sqrt),
    RECIPROCAL("Reciprocal", x -> 1 / x),
    SIN("Sin", Math::sin),
    COS("Cos", Math::cos),
    ERF("Erf", Erf::erf),
    /// -1, 0 or 1; its derivative is taken to be 0.
    SIGN("Sign", Math::signum),
    ABS("Abs", Math::abs),
    /// The logarithm of the standard normal distribution function, exact far into its lower tail.
    LOG_NDTR("LogNdtr", NormalLaw::logCdf),
    /// Its derivative at 0 is taken to be 0, as torch's is.
    RELU("Relu", x -> Math.max(x, 0), Slope.ofResult(y -> y > 0 ? 1 : 0)),
    SIGMOID("Sigmoid", UnaryFunction::sigmoid, Slope.ofResult(y -> y * (1 - y))),
    TANH("Tanh", Math::tanh, Slope.ofResult(y -> 1 - y * y)),
    /// `x sigmoid(x)`, which is called Swish too.
    SILU("Silu", x -> x * sigmoid(x), Slope.ofOperand(x -> sigmoid(x) * (1 + x * sigmoid(-x)))),
    /// `x / 6 + 1 / 2` between 0 and 1; its derivative is taken to be 0 where it reaches these.
    HARD_SIGMOID("HardSigmoid", UnaryFunction::hardSigmoid, Slope.ofOperand(x -> Math.abs(x) < 3 ? 1.0 / 6 : 0)),
    /// `x hardSigmoid(x)`; its derivative is taken to be 0 at -3 and 1 at 3.
    HARD_SWISH(
            "HardSwish", x -> x * hardSigmoid(x), Slope.ofOperand(x -> hardSigmoid(x) + (Math.abs(x) < 3 ? x / 6 : 0)));

    /// A derivative.
    ///
    /// @param ofResult whether it is a function of the function's result, rather than of its operand
    private record Slope(boolean ofResult, DoubleUnaryOperator definition) {
        static Slope ofResult(DoubleUnaryOperator definition) {
            return new Slope(true, definition);
        }

        static Slope ofOperand(DoubleUnaryOperator definition) {
            return new Slope(false, definition);
        }
    }

    private final String label;
    private final DoubleUnaryOperator definition;
    private final Optional<Slope> slope;

    UnaryFunction(String label, DoubleUnaryOperator definition) {
        this.label = label;
        this.definition = definition;
        this.slope = Optional.empty();
    }

    UnaryFunction(String label, DoubleUnaryOperator definition, Slope slope) {
        this.label = label;
        this.definition = definition;
        this.slope = Optional.of(slope);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double hardSigmoid(double x) {
        return Math.clamp(x / 6 + 0.5, 0.0, 1.0);
    }

    /// The name of the operator that applies it.
    public String label() {
        return label;
    }

    public double apply(double x) {
        return definition.applyAsDouble(x);
    }

    /// Whether its derivative is an operator.
    public boolean hasGrad() {
        return slope.isPresent();
    }

    /// Whether that operator reads the function's result, rather than its operand.
    public boolean gradReadsResult() {
        return slope.orElseThrow().ofResult();
    }

    /// The derivative, where it is an operator.
    ///
    /// @param v what the operator reads
    public double slope(double v) {
        return slope.orElseThrow().definition().applyAsDouble(v);
    }
}
