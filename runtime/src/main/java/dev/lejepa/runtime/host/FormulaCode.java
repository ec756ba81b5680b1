package dev.lejepa.runtime.host;

import dev.lejepa.graphs.Text;
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
    /// @param a array of the first operand
    /// @param b array of the second one, or of the first again
    /// @param y array of the result
    record Call(Formula.Elementary operation, int a, int b, int y) {
        void run(float[][] arrays, Transcendentals functions, int n) {
            var x = arrays[a];
            var other = arrays[b];
            var result = arrays[y];
            switch (operation) {
                case NEG -> Arithmetic.neg(x, result, n);
                case EXP -> functions.exp(x, result, n);
                case LOG -> functions.log(x, result, n);
                case SQRT -> Arithmetic.sqrt(x, result, n);
                case RECIPROCAL -> Arithmetic.reciprocal(x, result, n);
                case ERF -> functions.erf(x, result, n);
                case RELU -> Arithmetic.relu(x, result, n);
                case SIGN -> Arithmetic.sign(x, result, n);
                case ABS -> Arithmetic.abs(x, result, n);
                case LOG_NDTR -> functions.logNdtr(x, result, n);
                case ADD -> Arithmetic.add(x, other, result, n);
                case SUB -> Arithmetic.sub(x, other, result, n);
                case MUL -> Arithmetic.mul(x, other, result, n);
                case DIV -> Arithmetic.div(x, other, result, n);
            }
        }
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
                    case Formula.Apply step -> call(formula.inputs() + i, step);
                }
            }
            var results =
                    formula.results().stream().map(r -> place(r.register())).toList();
            return new FormulaCode(arrays, Map.copyOf(numbers), List.copyOf(calls), results);
        }

        /// Results are read after all steps; numbers are there for every run.
        private void findLastReaders() {
            for (var i = 0; i < formula.steps().size(); i++) {
                if (formula.steps().get(i) instanceof Formula.Apply step) {
                    for (var operand : step.operands()) {
                        lastReader.put(operand, formula.inputs() + i);
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

        private void call(int register, Formula.Apply step) {
            var a = place(step.operands().getFirst());
            var b = place(step.operands().getLast());
            // a result never takes the array of an operand, so that no function need care
            var y = free.isEmpty() ? arrays++ : free.pop();
            step.operands().stream()
                    .distinct()
                    .filter(o -> isRead(o, register) && !numbers.containsKey(place(o)))
                    .forEach(o -> free.push(place(o)));
            places.put(register, y);
            calls.add(new Call(step.operation(), a, b, y));
        }

        private boolean isRead(int operand, int reader) {
            return lastReader.getOrDefault(operand, -1) == reader;
        }
    }
}
