package dev.lejepa.graphs.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Gradients of autodiff against central differences, both on the interpreter in double precision.
public final class Gradients {
    /// Central differences with this step err by about `h^2 = 1e-10` in the function and `1e-16 / h = 1e-11` in
    /// rounding.
    private static final double STEP = 1e-5;

    /// Of the largest gradient: four digits above the error of the differences.
    private static final double TOLERANCE = 1e-6;

    private Gradients() {}

    public static void assertGradient(Shape shape, UnaryOperator<Value> f) {
        assertGradient(List.of(shape), x -> x, v -> List.of(f.apply(v.getFirst())));
    }

    /// Pulls random cotangents of all results of `f` back to all its operands.
    ///
    /// @param domain maps standard normal numbers to where `f` is smooth
    /// @return the graph, for further checks
    public static Graph assertGradient(
            List<Shape> shapes, DoubleUnaryOperator domain, Function<List<Value>, List<Value>> f) {
        var graph = new Graph("test");
        var random = new Random(7);
        var fed = new HashMap<String, NdArray>();
        var operands = new ArrayList<Value>();
        for (var shape : shapes) {
            var name = "x" + operands.size();
            operands.add(graph.input(name, Type.f32(shape)));
            fed.put(name, random(shape, random, domain));
        }
        var results = f.apply(operands);
        var seeds = new HashMap<Value, Value>();
        for (var result : results) {
            var name = "dy" + seeds.size();
            seeds.put(result, graph.input(name, result.type()));
            fed.put(name, random(result.shape(), random, x -> x));
        }
        var gradients = Autodiff.pullback(seeds, operands);
        Verifier.verify(graph);
        var found = Interpreter.evaluate(graph, fed, gradients);
        for (var i = 0; i < operands.size(); i++) {
            assertClose("operand " + i, found.get(i), differences("x" + i, fed, seeds));
        }
        return graph;
    }

    private static NdArray differences(String operand, Map<String, NdArray> fed, Map<Value, Value> seeds) {
        var x = fed.get(operand);
        var d = NdArray.zeros(x.shape());
        for (var i = 0; i < x.size(); i++) {
            var at = x.get(i);
            x.data()[i] = at + STEP;
            var above = weighted(fed, seeds);
            x.data()[i] = at - STEP;
            var below = weighted(fed, seeds);
            x.data()[i] = at;
            d.data()[i] = (above - below) / (2 * STEP);
        }
        return d;
    }

    /// The sum of all results, each element weighted with its cotangent.
    private static double weighted(Map<String, NdArray> fed, Map<Value, Value> seeds) {
        var results = List.copyOf(seeds.keySet());
        var graph = results.getFirst().graph();
        var y = Interpreter.evaluate(graph, fed, results);
        var dy = Interpreter.evaluate(
                graph, fed, results.stream().map(seeds::get).toList());
        return IntStream.range(0, y.size())
                .mapToDouble(r -> IntStream.range(0, y.get(r).size())
                        .mapToDouble(i -> y.get(r).get(i) * dy.get(r).get(i))
                        .sum())
                .sum();
    }

    private static void assertClose(String what, NdArray found, NdArray expected) {
        var largest = IntStream.range(0, expected.size())
                .mapToDouble(i -> Math.abs(expected.get(i)))
                .max()
                .orElse(0);
        assertTrue(largest > 0, what + ": the differences are all zero, so nothing is tested");
        for (var i = 0; i < expected.size(); i++) {
            var error = Math.abs(found.get(i) - expected.get(i)) / largest;
            assertTrue(
                    error < TOLERANCE,
                    "%s, element %d: gradient %s, differences %s".formatted(what, i, found.get(i), expected.get(i)));
        }
    }

    private static NdArray random(Shape shape, Random random, DoubleUnaryOperator domain) {
        var x = NdArray.zeros(shape);
        for (var i = 0; i < x.size(); i++) {
            x.data()[i] = domain.applyAsDouble(random.nextGaussian());
        }
        return x;
    }
}
