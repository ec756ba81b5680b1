package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

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
        var upper = s.value(List.of(lower), in -> upperTail(in.getFirst()));
        var zero = s.value(List.of(x), in -> in.getFirst().graph().scalar(0));
        var negative = s.node("Less", new Type(DType.BOOL, x.shape()), List.of(x, zero));
        return s.node("Where", x.type(), List.of(negative, lower, upper));
    }

    /// The same as a function.
    static void define(FunctionBody f) {
        var lower = append(f, "X", Normals::lowerTail);
        var upper = append(f, lower, Normals::upperTail);
        f.define("Y", "Where", List.of(f.node("Less", List.of("X", f.real(0))), lower, upper));
    }

    /// Shapes stay open in functions, so that of the formula does not matter.
    private static String append(FunctionBody f, String x, UnaryOperator<Value> formula) {
        var graph = new Graph("tail");
        graph.output("y", formula.apply(graph.input("x", Type.f32(1))));
        return Formulas.append(f, graph, Map.of(), List.of(x)).getFirst();
    }

    private static Value upperTail(Value lower) {
        return lower.exp().neg().add(1).log();
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
