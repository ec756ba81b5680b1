package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.normal.NormalLaw;
import dev.lejepa.graphs.onnx.RowFormula;
import java.util.Arrays;
import java.util.List;

/// Bounds on what a formula of rows may make of operands, step for step: nothing that the writer of kernels decides is
/// asked here.
final class RowBounds {
    /// What the kernels' GELU may err by, relative to its operand.
    private static final double GELU_ERROR = 2e-6;

    private static final double SLOPE_OF_GELU = 1.13;

    /// The largest second derivative of GELU.
    private static final double SLOPE_OF_GELU_GRADIENT = 0.8;

    private final RowFormula formula;
    private final int rows;
    private final int columns;
    private final Bounds[] registers;

    private RowBounds(RowFormula formula, int rows, int columns) {
        this.formula = formula;
        this.rows = rows;
        this.columns = columns;
        this.registers = new Bounds[formula.registers()];
    }

    /// The bounds on each result, in its own shape.
    static List<Bounds> of(RowFormula formula, List<NdArray> operands) {
        var rank = operands.stream().mapToInt(o -> o.shape().rank()).max().orElseThrow();
        var dims = new int[rank];
        Arrays.fill(dims, 1);
        for (var o : operands) {
            for (var axis = 0; axis < o.shape().rank(); axis++) {
                var at = rank - o.shape().rank() + axis;
                dims[at] = Math.max(dims[at], o.dim(axis));
            }
        }
        var columns = dims[rank - 1];
        var all = Arrays.stream(dims).reduce(1, Math::multiplyExact);
        var bounds = new RowBounds(formula, all / columns, columns);
        for (var i = 0; i < operands.size(); i++) {
            bounds.registers[i] = Bounds.exactly(broadcast(operands.get(i), dims, all));
        }
        formula.steps().forEach(bounds::compute);
        return formula.results().stream().map(r -> bounds.result(r.register())).toList();
    }

    private static double[] broadcast(NdArray operand, int[] dims, int size) {
        var values = new double[size];
        for (var i = 0; i < size; i++) {
            var rest = i;
            var at = 0;
            var stride = 1;
            for (var axis = dims.length - 1; axis >= 0; axis--) {
                var own = axis - (dims.length - operand.shape().rank());
                var length = own < 0 ? 1 : operand.dim(own);
                at += length == 1 ? 0 : rest % dims[axis] * stride;
                stride *= length;
                rest /= dims[axis];
            }
            values[i] = operand.get(at);
        }
        return values;
    }

    private Bounds at(int register) {
        return registers[register];
    }

    private void compute(RowFormula.Step step) {
        switch (step) {
            case RowFormula.Number n -> {
                var x = n.value();
                registers[n.y()] = Bounds.filled(rows * columns, Math.nextDown(x), Math.nextUp(x));
            }
            case RowFormula.Unary u -> registers[u.y()] = unary(u.function(), at(u.x()));
            case RowFormula.Binary b -> registers[b.y()] = binary(b.function(), at(b.a()), at(b.b()));
            case RowFormula.Round r -> registers[r.y()] = at(r.x()).toBFloat16();
            case RowFormula.Gelu g -> {
                var x = at(g.x());
                registers[g.y()] = x.smooth(
                        v -> v * NormalLaw.cdf(v), SLOPE_OF_GELU, i -> GELU_ERROR * Math.min(1, x.magnitude(i)));
            }
            case RowFormula.GeluGrad g ->
                registers[g.y()] = at(g.dy())
                        .times(at(g.x())
                                .smooth(
                                        v -> NormalLaw.cdf(v) + v * NormalLaw.density(v),
                                        SLOPE_OF_GELU_GRADIENT,
                                        _ -> GELU_ERROR));
            case RowFormula.RowSum s -> registers[s.y()] = sumOverRows(at(s.x()));
            case RowFormula.LayerNorm n -> layerNorm(n);
            case RowFormula.LayerNormGrad g -> layerNormGradient(g);
        }
    }

    private static Bounds unary(UnaryFunction function, Bounds x) {
        return switch (function) {
            case NEG -> x.negated();
            case RECIPROCAL -> x.reciprocal();
            case RELU -> x.relu();
            case SIGN -> x.sign();
            case ABS -> x.abs();
            case EXP, LOG, SQRT, ERF -> x.function(function::apply);
            case SIN, COS -> x.smooth(function::apply, 1, _ -> Bounds.ULP);
            case LOG_NDTR, SIGMOID, TANH, SILU, HARD_SIGMOID, HARD_SWISH ->
                throw new IllegalArgumentException(function.label());
        };
    }

    private static Bounds binary(BinaryFunction function, Bounds a, Bounds b) {
        return switch (function) {
            case ADD -> a.plus(b);
            case SUB -> a.minus(b);
            case MUL -> a.times(b);
            case DIV -> a.over(b);
            case MIN, MAX, POW -> throw new IllegalArgumentException(function.label());
        };
    }

    private Bounds sumOverRows(Bounds x) {
        var sums = new Bounds(new double[columns], new double[columns]);
        for (var c = 0; c < columns; c++) {
            var sum = x.sum(c, rows, columns);
            sums.low()[c] = sum[0];
            sums.high()[c] = sum[1];
        }
        return sums;
    }

    /// The mean of each row, in all its elements.
    private Bounds mean(Bounds x) {
        var sums = new Bounds(new double[rows * columns], new double[rows * columns]);
        for (var r = 0; r < rows; r++) {
            var sum = x.sum(r * columns, columns, 1);
            Arrays.fill(sums.low(), r * columns, (r + 1) * columns, sum[0]);
            Arrays.fill(sums.high(), r * columns, (r + 1) * columns, sum[1]);
        }
        return sums.times(constant(1.0 / columns));
    }

    private Bounds constant(double x) {
        var inFloat = (float) x;
        return Bounds.filled(rows * columns, Math.nextDown(inFloat), Math.nextUp(inFloat));
    }

    private void layerNorm(RowFormula.LayerNorm n) {
        var mean = mean(at(n.x()));
        var distance = at(n.x()).minus(mean);
        var size = distance.abs();
        var inverse = mean(size.times(size))
                .plus(constant(n.epsilon()))
                .function(Math::sqrt)
                .reciprocal();
        registers[n.mean()] = mean;
        registers[n.inverse()] = inverse;
        registers[n.y()] = distance.times(inverse).times(at(n.scale())).plus(at(n.bias()));
    }

    private void layerNormGradient(RowFormula.LayerNormGrad g) {
        var dy = at(g.dy());
        var normal = at(g.x()).minus(at(g.mean())).times(at(g.inverse()));
        var scaled = dy.times(at(g.scale()));
        registers[g.dx()] = scaled.minus(mean(scaled))
                .minus(normal.times(mean(scaled.times(normal))))
                .times(at(g.inverse()));
        registers[g.dScale()] = sumOverRows(dy.times(normal));
        registers[g.dBias()] = sumOverRows(dy);
    }

    /// A LayerNorm's statistics are one number for each row.
    private Bounds result(int register) {
        var all = at(register);
        var perRow = formula.steps().stream()
                .anyMatch(
                        s -> s instanceof RowFormula.LayerNorm n && (n.mean() == register || n.inverse() == register));
        if (!perRow) {
            return all;
        }
        var own = new Bounds(new double[rows], new double[rows]);
        for (var r = 0; r < rows; r++) {
            own.low()[r] = all.low()[r * columns];
            own.high()[r] = all.high()[r * columns];
        }
        return own;
    }
}
