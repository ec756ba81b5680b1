package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Elementwise;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.TestCatalog;
import dev.lejepa.graphs.losses.TestParameters;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnFusionTest {
    private static final Shape COLUMNS = Shape.of(2, 11, 3);

    static Stream<String> tests() {
        return TestCatalog.UNIVARIATE.stream();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void fusedTestsComputeTheSameStatisticAndGradient(String name) {
        var test = TestCatalog.univariate(name, TestParameters.none());
        assertSameResults(withGradient(test::statistic));
    }

    /// Entropy's spacings are differences of shifted columns, which are tensors of their own.
    @ParameterizedTest
    @MethodSource("tests")
    void betweenSortsAndProductsNoTestHoldsWholeTensors(String name) {
        var test = TestCatalog.univariate(name, TestParameters.none());
        var fused = ColumnFusion.apply(withGradient(test::statistic), UnivariateTest.SCOPE);
        var whole = fused.nodes().stream()
                .filter(ColumnFusionTest::isElementary)
                .filter(n -> n.outputs().getFirst().shape().size() >= COLUMNS.size())
                .map(Node::toString)
                .toList();
        assertEquals(List.of(), whole);
    }

    private static boolean isElementary(Node n) {
        return n.op() instanceof Elementwise.Unary
                || n.op() instanceof Elementwise.Binary
                || n.op() instanceof Movement.Expand;
    }

    @ParameterizedTest
    @MethodSource("tests")
    void workThatFormulasRepeatDoesNotCount(String name) {
        var test = TestCatalog.univariate(name, TestParameters.none());
        var plain = withGradient(test::statistic);
        var fused = ColumnFusion.apply(plain, UnivariateTest.SCOPE);
        // rows are not expanded any more, so what is done with them alone is done once for all columns
        assertTrue(Flops.of(fused) <= Flops.of(plain), Flops.of(fused) + " of " + Flops.of(plain));
        assertTrue(Flops.of(fused) >= Flops.of(plain) / 2, Flops.of(fused) + " of " + Flops.of(plain));
    }

    static Stream<Shape> shapes() {
        return Stream.of(COLUMNS, Shape.of(11, 3), Shape.of(2, 1, 3), Shape.of(1, 2, 11, 1));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void columnsOfAllShapesAreFusedAlike(Shape shape) {
        var rows = shape.rank() - 2;
        assertSameResults(graph(shape, x -> x.sub(x.mean(true, rows)).square().exp()));
    }

    @Test
    void whatIsReadOutsideAFormulaIsOneOfItsResults() {
        var g = graph(COLUMNS, x -> {
            var square = x.square();
            var mean = square.mul(3).mean(true, 1);
            return square.sort().add(mean).exp().mul(square);
        });
        assertSameResults(g);
        var results = ColumnFusion.apply(g, UnivariateTest.SCOPE).nodes().stream()
                .filter(n -> n.op() instanceof Rewritten.Fused)
                .map(n -> n.outputs().stream().map(v -> v.shape().dim(1)).toList())
                .toList();
        assertEquals(List.of(List.of(1L, 11L), List.of(11L)), results);
    }

    @Test
    void tensorsOfTwoShapesAreTwoFormulas() {
        var g = graph(COLUMNS, x -> {
            var half = x.slice(1, 0, 5).square().neg();
            return x.square().neg().mean(true, 1).add(half.mean(true, 1));
        });
        assertSameResults(g);
        assertEquals(2, formulas(ColumnFusion.apply(g, UnivariateTest.SCOPE)));
    }

    @Test
    void rowsThatAreOnlyExpandedAreNotFused() {
        var g = graph(
                COLUMNS, x -> x.mean(true, 1).exp().expand(x.shape()).mul(2).neg());
        assertSameResults(g);
        assertEquals(1, formulas(ColumnFusion.apply(g, UnivariateTest.SCOPE)));
    }

    @Test
    void valuesThatPassUnchangedAreNoResults() {
        var g = graph(COLUMNS, x -> {
            var square = x.square().neg();
            return square.stopGradient()
                    .sort()
                    .add(square.sort())
                    .add(x.stopGradient().sort());
        });
        assertSameResults(g);
        Lowering.lower(ColumnFusion.apply(g, UnivariateTest.SCOPE), Target.ORT, Map.of());
    }

    private static long formulas(Graph g) {
        return g.nodes().stream().filter(n -> n.op() instanceof Rewritten.Fused).count();
    }

    @Test
    void nodesOfOtherScopesStayAsTheyAre() {
        var g = graph(COLUMNS, x -> x.exp().neg());
        assertSame(g, ColumnFusion.apply(g, "elsewhere"));
    }

    private static Graph graph(Shape shape, UnaryOperator<Value> f) {
        var g = new Graph("columns");
        var x = g.input("x", Type.f32(shape.dims()));
        g.output("y", g.at(UnivariateTest.SCOPE, "", () -> f.apply(x)));
        return g;
    }

    private static Graph withGradient(UnaryOperator<Value> f) {
        var g = new Graph("columns");
        var x = g.input("x", Type.f32(COLUMNS.dims()));
        var weights = g.input("w", Type.f32(2, 3));
        var each = f.apply(x);
        g.output("each", each);
        g.output(
                "gradient",
                Autodiff.gradients(each.mul(weights).sum(false, 0, 1), List.of(x))
                        .getFirst());
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(g)));
    }

    private static void assertSameResults(Graph g) {
        var fused = ColumnFusion.apply(g, UnivariateTest.SCOPE);
        var random = new Random(4);
        var shape = Objects.requireNonNull(g.inputs().get("x")).shape();
        var x = new double[(int) shape.size()];
        Arrays.setAll(x, _ -> 0.2 + 1.3 * random.nextGaussian());
        var feeds = Map.of("x", NdArray.of(shape, x), "w", NdArray.of(Shape.of(2, 3), 1, -2, 3, 0.5, 0, 4));
        var expected = Interpreter.evaluate(g, feeds);
        var found = Interpreter.evaluate(fused, feeds);
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(found.keySet()));
        expected.forEach(
                (label, y) -> assertArrayEquals(y.data(), found.get(label).data(), 1e-12, label));
    }
}
