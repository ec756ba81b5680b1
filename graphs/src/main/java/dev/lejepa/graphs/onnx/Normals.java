package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import java.util.List;

/// The logarithm of the normal distribution function over elementary operators.
final class Normals {
    /// `erfc(z) = t exp(-z^2 + P(t))` with `t = 1 / (1 + z / 2)`, `z >= 0`, to 1.2e-7 of its value everywhere: Press et
    /// al., Numerical Recipes in C, second edition, section 6.2. Coefficients of `P` from the constant up.
    private static final double[] POLYNOMIAL = {
        -1.26551223,
        1.00002368,
        0.37409196,
        0.09678418,
        -0.18628806,
        0.27886807,
        -1.13520398,
        1.48851587,
        -0.82215223,
        0.17087277
    };

    private Normals() {}

    /// `log Phi(-|x|) = log(t / 2) + P(t) - x^2 / 2` is that for negative `x`; for others it is `log(1 - Phi(-|x|))`.
    static Ref logCdf(Site s) {
        var x = s.in(0);
        var lower = s.value(List.of(x), in -> lowerTail(in.getFirst()));
        var upper =
                s.value(List.of(lower), in -> in.getFirst().exp().neg().add(1).log());
        var zero = s.value(List.of(x), in -> in.getFirst().graph().scalar(0));
        var negative = s.node("Less", new Type(DType.BOOL, x.shape()), List.of(x, zero));
        return s.node("Where", x.type(), List.of(negative, lower, upper));
    }

    /// The same as a function.
    static FunctionProto function() {
        var f = new FunctionBody(Formulas.LOG_NDTR, List.of("X"), List.of("Y"), List.of());
        var lower = lowerTail(f);
        var rest = f.node("Sub", List.of(f.real(1), f.node("Exp", List.of(lower))));
        var upper = f.node("Log", List.of(rest));
        f.define("Y", "Where", List.of(f.node("Less", List.of("X", f.real(0))), lower, upper));
        return f.build();
    }

    private static String lowerTail(FunctionBody f) {
        var scaled = f.node("Mul", List.of(f.node("Abs", List.of("X")), f.real(Math.sqrt(0.125))));
        var t = f.node("Reciprocal", List.of(f.node("Add", List.of(scaled, f.real(1)))));
        var sum = f.real(POLYNOMIAL[POLYNOMIAL.length - 1]);
        for (var i = POLYNOMIAL.length - 2; i >= 0; i--) {
            sum = f.node("Add", List.of(f.node("Mul", List.of(sum, t)), f.real(POLYNOMIAL[i])));
        }
        var log = f.node("Log", List.of(f.node("Mul", List.of(t, f.real(0.5)))));
        var half = f.node("Mul", List.of(f.node("Mul", List.of("X", "X")), f.real(0.5)));
        return f.node("Sub", List.of(f.node("Add", List.of(log, sum)), half));
    }

    private static Value lowerTail(Value x) {
        var t = x.abs().mul(Math.sqrt(0.125)).add(1).reciprocal();
        var sum = t.mul(POLYNOMIAL[POLYNOMIAL.length - 1]);
        for (var i = POLYNOMIAL.length - 2; i > 0; i--) {
            sum = sum.add(POLYNOMIAL[i]).mul(t);
        }
        return t.mul(0.5).log().add(sum.add(POLYNOMIAL[0])).sub(x.square().mul(0.5));
    }
}
