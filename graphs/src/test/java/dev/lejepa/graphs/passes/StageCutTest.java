package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StageCutTest {
    /// Rows through two layers, whose result is part 0; the gradients of the second layer are part 1, those of the first
    /// part 2.
    private static Graph layers() {
        var g = new Graph("layers");
        var x = g.input("x", Type.f32(6, 4));
        var w1 = g.input("w1", Type.f32(4, 8));
        var w2 = g.input("w2", Type.f32(8, 4));
        var h = g.at("first", "", () -> x.matmul(w1).gelu());
        var y = g.at("second", "", () -> h.reshape(2, 3, 8).matmul(w2.mul(2)));
        g.output("y", y);
        var dy = g.input("dy", y.type());
        var gradients = Autodiff.pullback(Map.of(y, dy), List.of(w1, w2));
        g.output("grad/w1", gradients.get(0));
        g.output("grad/w2", gradients.get(1));
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(g)));
    }

    private static List<Graph> cut(Graph g) {
        return StageCut.apply(
                g,
                List.of("forward", "backward.1", "backward.2"),
                label -> List.of("y", "grad/w2", "grad/w1").indexOf(label),
                label -> label.startsWith("w"));
    }

    @Test
    void partsComputeInOrderWhatTheWholeComputes() {
        assertSame(layers(), cut(layers()));
    }

    @Test
    void eachPartHasItsOutputsAndReadsNoMoreInputsThanItNeeds() {
        var parts = cut(layers());
        assertTrue(parts.get(0).outputs().containsKey("y"));
        assertTrue(parts.get(1).outputs().containsKey("grad/w2"));
        assertEquals(List.of("grad/w1"), List.copyOf(parts.get(2).outputs().keySet()));
        assertEquals(List.of("x", "w1", "w2"), List.copyOf(parts.get(0).inputs().keySet()));
        assertTrue(parts.get(1).inputs().containsKey("dy"));
        assertFalse(parts.get(1).inputs().containsKey("x"));
        assertEquals(1, handedTo(parts.get(1)).size(), "what the second layer read");
    }

    @Test
    void whatParametersAloneDecideStandsWhereItIsRead() {
        for (var part : cut(layers())) {
            handedTo(part)
                    .forEach((name, v) -> assertFalse(
                            v.shape().equals(part.inputs().getOrDefault("w2", v).shape()) && !name.contains("first"),
                            "the doubled weight is handed over as " + name));
        }
        assertTrue(cut(layers()).get(0).inputs().containsKey("w2"));
        assertTrue(cut(layers()).get(1).inputs().containsKey("w2")
                || cut(layers()).get(2).inputs().containsKey("w2"));
    }

    @Test
    void whatIsMadeAgainStandsBeforeItsFirstReader() {
        var g = new Graph("late");
        var h = g.input("x", Type.f32(6, 4)).exp();
        var row = h.reshape(24);
        g.output("a", row.sum(false, 0));
        g.output("b", h.sin().cos().reshape(24).add(row));
        var part = StageCut.apply(g, List.of("a", "b"), List.of("a", "b")::indexOf, _ -> false)
                .get(1);
        var names = part.nodes().stream().map(n -> n.op().name()).toList();
        assertEquals(List.of("Input", "Sin", "Cos", "Reshape", "Reshape", "Add"), names);
    }

    @Test
    void anotherShapeOfAValueIsNotHandedOverBesideIt() {
        var g = new Graph("shapes");
        var h = g.input("x", Type.f32(6, 4)).exp();
        g.output("a", h.reshape(24).sum(false, 0));
        g.output("b", h.reshape(4, 6).sin().add(h.reshape(2, 12).cos().reshape(4, 6)));
        var parts = StageCut.apply(g, List.of("a", "b"), List.of("a", "b")::indexOf, _ -> false);
        assertEquals(1, handedTo(parts.get(1)).size());
        assertSame(g, parts);
    }

    @Test
    void anOutputThatIsReadLaterCrossesUnderItsName() {
        var g = new Graph("outputs");
        var y = g.input("x", Type.f32(3)).exp();
        g.output("y", y);
        g.output("z", y.sin());
        var parts = StageCut.apply(g, List.of("a", "b"), List.of("y", "z")::indexOf, _ -> false);
        assertEquals(List.of("y"), List.copyOf(parts.get(0).outputs().keySet()));
        assertEquals(List.of("y"), List.copyOf(parts.get(1).inputs().keySet()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void randomGraphsInRandomPartsComputeTheSame(long seed) {
        var random = new Random(seed);
        var g = new Graph("random");
        var values = new ArrayList<Value>();
        for (var name : List.of("x", "p", "q")) {
            values.add(g.input(name, Type.f32(4, 4)));
        }
        values.add(g.scalar(0.5).expand(values.getFirst().shape()));
        for (var i = 0; i < 40; i++) {
            var a = values.get(random.nextInt(values.size()));
            var b = values.get(random.nextInt(values.size()));
            values.add(
                    switch (random.nextInt(6)) {
                        case 0 -> a.add(b);
                        case 1 -> a.mul(b).mul(0.1);
                        case 2 -> a.sin();
                        case 3 -> a.matmul(b).mul(0.1);
                        case 4 -> a.reshape(16).reshape(4, 4);
                        default -> a.sum(true, 0).add(b);
                    });
        }
        var parts = new HashMap<String, Integer>();
        for (var i = 0; i < 8; i++) {
            g.output("y" + i, values.get(random.nextInt(values.size())));
            parts.put("y" + i, random.nextInt(4));
        }
        var names = List.of("0", "1", "2", "3");
        assertSame(g, StageCut.apply(g, names, parts::get, label -> !label.equals("x")));
    }

    @Test
    void cuttingTwiceGivesTheSameText() {
        assertEquals(cut(layers()).toString(), cut(layers()).toString());
    }

    @Test
    void anOutputInNoPartIsRefused() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> StageCut.apply(layers(), List.of("all"), List.of("y")::indexOf, _ -> false));
        assertEquals("output 'grad/w1' is to be in part -1 of 1", refused.getMessage());
    }

    @Test
    void sumsStandBehindWhatTheyAdd() {
        var g = layers();
        var added = Accumulation.apply(g, label -> label.startsWith("grad/"), label -> "new/" + label);
        assertEquals(
                List.of("y", "new/grad/w1", "new/grad/w2"),
                List.copyOf(added.outputs().keySet()));
        var feeds = feeds(added);
        var found = Interpreter.evaluate(added, feeds);
        Interpreter.evaluate(g, feeds).forEach((name, y) -> {
            var before = feeds.get(name);
            var sum = Arrays.stream(y.data()).toArray();
            if (before != null) {
                Arrays.setAll(sum, i -> before.get(i) + y.get(i));
            }
            assertArrayEquals(
                    sum, found.get(before == null ? name : "new/" + name).data(), 1e-12, name);
        });
        var second = added.outputs().get("new/grad/w2").node();
        assertEquals(second.inputs().get(1).node().id() + 1, second.id());
    }

    private static Map<String, Value> handedTo(Graph part) {
        var found = new LinkedHashMap<>(part.inputs());
        found.keySet().removeIf(name -> !name.startsWith(StageCut.HANDED));
        return found;
    }

    /// What the parts hand over is all that passes between them, each thing once.
    private static void assertSame(Graph whole, List<Graph> parts) {
        var feeds = feeds(whole);
        var known = new HashMap<>(feeds);
        var made = new HashMap<String, NdArray>();
        for (var part : parts) {
            var results = Interpreter.evaluate(part, known);
            results.forEach((name, y) -> {
                assertFalse(made.containsKey(name), name + " is made twice");
                made.put(name, y);
                known.put(name, y);
            });
        }
        Interpreter.evaluate(whole, feeds)
                .forEach((name, y) -> assertArrayEquals(y.data(), made.get(name).data(), name));
    }

    private static Map<String, NdArray> feeds(Graph g) {
        var random = new Random(7);
        var feeds = new HashMap<String, NdArray>();
        g.inputs().forEach((name, v) -> {
            var data = new double[Math.toIntExact(v.shape().size())];
            Arrays.setAll(data, _ -> random.nextGaussian());
            feeds.put(name, NdArray.of(v.shape(), data));
        });
        return feeds;
    }
}
