package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.tools.selfcheck.CaseResult.Worst;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The results of one case beside the expected ones. It starts with every expected tensor and scalar open, and a case
/// holds only if all were compared or left out by a rule, and none was too far off.
final class Comparison {
    /// What may remain of a gradient that is zero in exact arithmetic, relative to the case's largest gradient.
    private static final double ZERO = 1e-5;

    private static final String QKV_BIAS = "attn.qkv.bias";

    private final GoldenCase golden;
    private final Precision precision;
    private final Set<String> openTensors = new LinkedHashSet<>();
    private final Set<String> openScalars;
    private final List<String> faults = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private double leastTolerance;
    private int compared;
    private int ignored;
    private Worst worst = Worst.NONE;

    Comparison(GoldenCase golden, Precision precision) {
        this.golden = golden;
        this.precision = precision;
        golden.tensors(Role.EXPECTED).forEach(t -> openTensors.add(t.name()));
        openScalars = new LinkedHashSet<>(golden.scalars());
    }

    Precision precision() {
        return precision;
    }

    /// From now on the tolerance is at least this: the reference computed a part of the case in single precision.
    void referenceIsSingleTo(double relative) {
        leastTolerance = relative;
    }

    /// Compares every one of these results that the case expects, by name.
    void expectAll(Map<String, NdArray> results) {
        results.forEach((name, result) -> {
            if (openTensors.contains(name)) {
                expect(name, result);
            } else if (openScalars.contains(name)) {
                expect(name, result.item());
            }
        });
    }

    /// Compares a tensor.
    void expect(String name, NdArray actual) {
        openTensors.remove(name);
        compared++;
        var tensor = golden.tensor(name);
        if (!actual.shape().equals(GoldenCase.shape(tensor))) {
            faults.add(Text.format("%s is %s, expected %s", name, actual.shape(), tensor.shape()));
            return;
        }
        var expected = golden.array(name).data();
        if (tensor.isInteger()) {
            exactly(name, expected, actual.data());
        } else if (tensor.exactZero()) {
            zero(name, actual.data());
        } else if (name.endsWith(QKV_BIAS)) {
            queriesKeysValues(tensor, expected, actual.data());
        } else {
            close(name, expected, actual.data(), tolerance(tensor.dtype(), tensor.float32Error()));
        }
    }

    /// Compares a scalar.
    void expect(String name, double actual) {
        expect(name, actual, Math.abs(golden.scalar(name)));
    }

    /// Compares a scalar whose tolerance is relative to another size than its own.
    void expect(String name, double actual, double scale) {
        openScalars.remove(name);
        compared++;
        var expected = golden.scalar(name);
        var allowed = tolerance("float64", golden.scalarFloat32Error(name));
        measure(name, difference(expected, actual), scale, allowed, expected, actual);
    }

    /// Compares numbers that must agree to the last bit.
    private void exactly(String name, double[] expected, double[] actual) {
        for (var i = 0; i < expected.length; i++) {
            if (expected[i] != actual[i]) {
                faults.add(Text.format("%s[%d] is %s, expected %s", name, i, actual[i], expected[i]));
                worst = worst.or(new Worst(name, Math.abs(expected[i] - actual[i]), 0));
                return;
            }
        }
    }

    /// Softmax ignores what is added to all keys of a query, so the gradient of the middle third is zero. An optimizer
    /// that normalizes gradients moves it by noise in single precision. The other thirds have a tolerance of their own.
    private void queriesKeysValues(GoldenTensor tensor, double[] expected, double[] actual) {
        var gradient = isGradient(tensor);
        if (!gradient && precision == Precision.DOUBLE) {
            close(tensor.name(), expected, actual, tolerance(tensor.dtype(), tensor.float32Error()));
            return;
        }
        var third = expected.length / 3;
        third(tensor, " (queries)", expected, actual, 0, third);
        if (gradient) {
            zero(tensor.name() + " (keys)", Arrays.copyOfRange(actual, third, 2 * third));
        }
        third(tensor, " (values)", expected, actual, 2 * third, 3 * third);
    }

    private void third(GoldenTensor tensor, String which, double[] expected, double[] actual, int from, int to) {
        var own = Arrays.copyOfRange(expected, from, to);
        // What is told for all three together is, after a step, the error of the middle one alone.
        var told = isGradient(tensor) ? tensor.float32Error() : 0;
        var error = tensor.float32Result()
                .map(name ->
                        float32Error(own, Arrays.copyOfRange(golden.array(name).data(), from, to)))
                .orElse(told);
        close(tensor.name() + which, own, Arrays.copyOfRange(actual, from, to), tolerance(tensor.dtype(), error));
    }

    private static double float32Error(double[] exact, double[] single) {
        var largest = largest(exact);
        var error = 0.0;
        for (var i = 0; i < exact.length; i++) {
            error = Math.max(error, Math.abs(exact[i] - single[i]));
        }
        return largest == 0 ? 0 : error / largest;
    }

    private void close(String name, double[] expected, double[] actual, double allowed) {
        var scale = Arrays.stream(expected)
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        var at = 0;
        var error = 0.0;
        for (var i = 0; i < expected.length; i++) {
            var d = difference(expected[i], actual[i]);
            if (!(d <= error)) {
                at = i;
                error = d;
            }
        }
        if (expected.length > 0) {
            measure(name + "[" + at + "]", error, scale, allowed, expected[at], actual[at]);
        }
    }

    /// The distance of two numbers; infinite where only one of them is finite.
    private static double difference(double expected, double actual) {
        if (Double.compare(expected, actual) == 0) {
            return 0;
        }
        var d = Math.abs(expected - actual);
        return Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
    }

    private void zero(String name, double[] actual) {
        var largest = golden.tensors(Role.EXPECTED).stream()
                .filter(Comparison::isGradient)
                .mapToDouble(t -> largest(golden.array(t.name()).data()))
                .max()
                .orElse(0);
        measure(name, largest(actual), largest, ZERO, 0, largest(actual));
    }

    private static boolean isGradient(GoldenTensor tensor) {
        return tensor.name().startsWith("grad");
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).reduce(0, Math::max);
    }

    private double tolerance(String dtype, double float32Error) {
        return Math.max(leastTolerance, precision.tolerance(dtype, float32Error));
    }

    private void measure(String name, double error, double scale, double allowed, double expected, double actual) {
        var relative = error == 0 ? 0 : error / scale;
        worst = worst.or(new Worst(name, relative, allowed));
        if (!(relative <= allowed)) {
            faults.add(Text.format(
                    "%s is %.9g, expected %.9g: off by %.2e of %.3g, allowed are %.1e",
                    name, actual, expected, relative, scale, allowed));
        }
    }

    /// Counts a comparison that a kind made itself, by a rule of its own.
    ///
    /// @param name a tensor or scalar of the case, or what else was looked at
    /// @param error in the tolerance's unit
    void judge(String name, double error, double tolerance) {
        openTensors.remove(name);
        openScalars.remove(name);
        compared++;
        worst = worst.or(new Worst(name, error, tolerance));
        if (!(error <= tolerance)) {
            faults.add(Text.format("%s is off by %.4g, allowed are %.4g", name, error, tolerance));
        }
    }

    /// Counts a comparison that has no size: something is as it must be or not.
    ///
    /// @param fault what is wrong otherwise
    void require(boolean holds, String fault) {
        compared++;
        if (!holds) {
            faults.add(fault);
        }
    }

    /// Leaves out what cannot or need not be compared.
    void ignore(Predicate<String> names) {
        ignored += (int) openTensors.stream().filter(names).count();
        ignored += (int) openScalars.stream().filter(names).count();
        openTensors.removeIf(names);
        openScalars.removeIf(names);
    }

    /// Leaves out a part of a case that this version does not build.
    void notBuilt(String what) {
        ignored++;
        notes.add(what + " is not built");
    }

    /// Adds a reason for which the case fails.
    void fault(String reason) {
        faults.add(reason);
    }

    int compared() {
        return compared;
    }

    int ignored() {
        return ignored;
    }

    Worst worst() {
        return worst;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /// Why the case does not hold; empty if it does. Whatever is still open counts as a fault.
    List<String> faults() {
        var all = new ArrayList<>(faults);
        openTensors.forEach(t -> all.add(t + " was not computed"));
        openScalars.forEach(s -> all.add(s + " was not computed"));
        if (compared == 0) {
            all.add("nothing was compared");
        }
        return all;
    }
}
