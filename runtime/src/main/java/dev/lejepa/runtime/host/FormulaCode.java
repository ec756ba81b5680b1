package dev.lejepa.runtime.host;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.onnx.Formula;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A formula's steps on few arrays: the first hold its inputs, and each step's result takes an array that no later step
/// reads, so that all of them stay in a core's first-level cache.
///
/// @param arrays how many it takes
/// @param numbers arrays that always hold one number
/// @param calls in order
/// @param results array of each result
record FormulaCode(int arrays, Map<Integer, Float> numbers, List<Call> calls, List<Integer> results) {
    /// A loop over arrays: some hold operands, one takes the result.
    @FunctionalInterface
    interface Call {
        void run(float[][] arrays, Transcendentals functions, int n);
    }

    private static Call call(UnaryFunction function, int operand, int result) {
        return (arrays, functions, n) -> {
            var x = arrays[operand];
            var y = arrays[result];
            switch (function) {
                case NEG -> Arithmetic.neg(x, y, n);
                case EXP -> functions.exp(x, y, n);
                case LOG -> functions.log(x, y, n);
                case SQRT -> Arithmetic.sqrt(x, y, n);
                case RECIPROCAL -> Arithmetic.reciprocal(x, y, n);
                case SIN -> Angles.sin(x, y, n);
                case COS -> Angles.cos(x, y, n);
                case ERF -> functions.erf(x, y, n);
                case RELU -> Arithmetic.relu(x, y, n);
                case SIGMOID -> functions.sigmoid(x, y, n);
                case TANH -> functions.tanh(x, y, n);
                case SILU -> functions.silu(x, y, n);
                case HARD_SIGMOID -> Arithmetic.hardSigmoid(x, y, n);
                case HARD_SWISH -> Arithmetic.hardSwish(x, y, n);
                case SIGN -> Arithmetic.sign(x, y, n);
                case ABS -> Arithmetic.abs(x, y, n);
                case LOG_NDTR -> functions.logNdtr(x, y, n);
            }
        };
    }

    private static Call call(BinaryFunction function, int first, int second, int result) {
        return (arrays, _, n) -> {
            var a = arrays[first];
            var b = arrays[second];
            var y = arrays[result];
            switch (function) {
                case ADD -> Arithmetic.add(a, b, y, n);
                case SUB -> Arithmetic.sub(a, b, y, n);
                case MUL -> Arithmetic.mul(a, b, y, n);
                case DIV -> Arithmetic.div(a, b, y, n);
                case MIN -> Arithmetic.min(a, b, y, n);
                case MAX -> Arithmetic.max(a, b, y, n);
                case POW -> Arithmetic.pow(a, b, y, n);
            }
        };
    }

    static FormulaCode of(Formula formula) {
        return new Compiler(formula).compile();
    }

    /// What one thread needs.
    Memory allocate(int length) {
        var all = new float[arrays][length];
        numbers.forEach((array, number) -> Arrays.fill(all[array], number));
        return new Memory(all, new Transcendentals(length));
    }

    /// Arrays, numbers in place.
    record Memory(float[][] arrays, Transcendentals functions) {}

    private static final class Compiler {
        private final Formula formula;
        private final Map<Integer, Integer> lastReader = new HashMap<>();
        private final Map<Integer, Integer> places = new HashMap<>();
        private final ArrayDeque<Integer> free = new ArrayDeque<>();
        private final Map<Integer, Float> numbers = new HashMap<>();
        private final List<Call> calls = new ArrayList<>();
        private int arrays;

        Compiler(Formula formula) {
            this.formula = formula;
        }

        FormulaCode compile() {
            findLastReaders();
            for (var i = 0; i < formula.inputs(); i++) {
                places.put(i, arrays++);
            }
            for (var i = 0; i < formula.steps().size(); i++) {
                switch (formula.steps().get(i)) {
                    case Formula.Number number -> {
                        numbers.put(arrays, number.value());
                        places.put(formula.inputs() + i, arrays++);
                    }
                    case Formula.Unary(var function, int operand) -> {
                        var x = place(operand);
                        calls.add(call(function, x, take(formula.inputs() + i, operand)));
                    }
                    case Formula.Binary(var function, int first, int second) -> {
                        var a = place(first);
                        var b = place(second);
                        calls.add(call(function, a, b, take(formula.inputs() + i, first, second)));
                    }
                }
            }
            var results =
                    formula.results().stream().map(r -> place(r.register())).toList();
            return new FormulaCode(arrays, Map.copyOf(numbers), List.copyOf(calls), results);
        }

        /// Results are read after all steps; numbers are there for every run.
        private void findLastReaders() {
            for (var i = 0; i < formula.steps().size(); i++) {
                var register = formula.inputs() + i;
                switch (formula.steps().get(i)) {
                    case Formula.Number _ -> {} // it reads nothing
                    case Formula.Unary step -> lastReader.put(step.operand(), register);
                    case Formula.Binary step -> {
                        lastReader.put(step.first(), register);
                        lastReader.put(step.second(), register);
                    }
                }
            }
            formula.results().forEach(r -> lastReader.put(r.register(), Integer.MAX_VALUE));
        }

        private int place(int register) {
            var found = places.get(register);
            if (found == null) {
                throw new IllegalStateException(
                        Text.format("%s: register %d is read before it is set", formula.name(), register));
            }
            return found;
        }

        /// An array for a step's result. It is never that of an operand, so that no function need care.
        private int take(int register, int... operands) {
            var y = free.isEmpty() ? arrays++ : free.pop();
            Arrays.stream(operands)
                    .distinct()
                    .filter(o -> isRead(o, register) && !numbers.containsKey(place(o)))
                    .forEach(o -> free.push(place(o)));
            places.put(register, y);
            return y;
        }

        private boolean isRead(int operand, int reader) {
            return lastReader.getOrDefault(operand, -1) == reader;
        }
    }
}
