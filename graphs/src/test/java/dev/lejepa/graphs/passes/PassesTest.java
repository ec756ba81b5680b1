package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PassesTest {
    private static final Map<String, NdArray> FEEDS = Map.of(
            "x", NdArray.of(Shape.of(2, 3), 0.5, -1, 2, 3, -0.25, 1),
            "w", NdArray.of(Shape.of(3), 1.0, 2, -3),
            "unused", NdArray.of(Shape.of(1), 7.0));

    /// Something for every pass: a dead product, an expression written twice, products with 1 and arithmetic on
    /// numbers.
    private static Graph sample() {
        var g = new Graph("sample");
        var x = g.input("x", Type.f32(2, 3));
        var w = g.input("w", Type.f32(3));
        g.input("unused", Type.f32(1));
        x.mul(w).exp();
        var y = g.at("layer", "", () -> x.add(w).exp().add(x.add(w).exp()));
        var number = g.scalar(3).mul(2).add(g.scalar(4).sqrt());
        g.output("y", y.mul(1).mul(number));
        g.output("pieces", x.split(1, 1, 2).get(1));
        return g;
    }

    static Stream<UnaryOperator<Graph>> passes() {
        return Stream.of(DeadValues::remove, CommonSubexpressions::merge, ConstantFolding::fold);
    }

    @ParameterizedTest
    @MethodSource("passes")
    void rewrittenGraphsComputeTheSame(UnaryOperator<Graph> pass) {
        var before = sample();
        var after = pass.apply(before);
        var expected = Interpreter.evaluate(before, FEEDS);
        var found = Interpreter.evaluate(after, FEEDS);
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(found.keySet()));
        expected.forEach(
                (name, y) -> assertArrayEquals(y.data(), found.get(name).data(), 1e-12, name));
    }

    @ParameterizedTest
    @MethodSource("passes")
    void inputsStayInTheirOrderUsedOrNot(UnaryOperator<Graph> pass) {
        assertEquals(
                List.of("x", "w", "unused"),
                List.copyOf(pass.apply(sample()).inputs().keySet()));
    }

    @ParameterizedTest
    @MethodSource("passes")
    void theGivenGraphIsNotChanged(UnaryOperator<Graph> pass) {
        var g = sample();
        var text = g.toString();
        assertNotSame(g, pass.apply(g));
        assertEquals(text, g.toString());
    }

    @ParameterizedTest
    @MethodSource("passes")
    void nodesKeepTheirScopes(UnaryOperator<Graph> pass) {
        var scopes = pass.apply(sample()).nodes().stream()
                .filter(n -> n.op().name().equals("Exp") && !n.scope().isEmpty())
                .map(dev.lejepa.graphs.ir.Node::scope)
                .distinct()
                .toList();
        assertEquals(List.of("layer"), scopes);
    }

    @Test
    void deadValuesRemovesWhatNoOutputNeeds() {
        assertEquals(3, count(sample(), "Exp"));
        assertEquals(2, count(DeadValues.remove(sample()), "Exp"));
    }

    @Test
    void commonSubexpressionsAreComputedOnce() {
        var g = DeadValues.remove(CommonSubexpressions.merge(sample()));
        assertEquals(1, count(g, "Exp"));
    }

    @Test
    void operatorsWithOtherAttributesAreNotMerged() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(4, 4));
        g.output("a", x.sum(false, 0));
        g.output("b", x.sum(false, 1));
        g.output("c", x.sum(false, 0));
        assertEquals(2, count(CommonSubexpressions.merge(g), "ReduceSum"));
    }

    @Test
    void constantFoldingLeavesOneNumberOfManyAndDropsProductsWithOne() {
        var g = DeadValues.remove(ConstantFolding.fold(sample()));
        assertEquals(1, count(g, "Mul"));
        assertEquals(1, count(g, "Constant"));
        var product = g.outputs().get("y").node();
        var number = (Leaf.Constant) product.inputs().get(1).node().op();
        assertEquals(8, number.value().get(0));
    }

    @Test
    void foldingKeepsTheShapeThatBroadcastingGave() {
        var g = new Graph("g");
        g.output(
                "y",
                g.constant(dev.lejepa.graphs.ir.Tensor.of(Shape.of(1, 1), 2f)).mul(3));
        assertEquals(Shape.of(1, 1), ConstantFolding.fold(g).outputs().get("y").shape());
    }

    @Test
    void aRuleMayNotLeaveOutAnOutput() {
        assertThrows(
                IllegalStateException.class,
                () -> Rewriter.rewrite(sample(), (node, operands, target) -> List.<Value>of()));
    }

    private static long count(Graph g, String op) {
        return g.nodes().stream().filter(n -> n.op().name().equals(op)).count();
    }

    @Test
    void whatLeavesItsOperandAsItIsGoesAway() {
        var g = new Graph("neutral");
        var x = g.input("x", Type.f32(2, 3));
        g.output("y", x.stopGradient().expand(x.shape()).exp());
        var folded = ConstantFolding.fold(g);
        assertEquals(
                List.of("Input", "Exp"),
                folded.nodes().stream().map(n -> n.op().name()).toList());
    }
}
