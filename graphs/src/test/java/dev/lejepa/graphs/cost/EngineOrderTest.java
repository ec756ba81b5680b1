package dev.lejepa.graphs.cost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOrderTest {
    /// Node 1 makes a gradient that nobody reads, nodes 2 and 3 go on; 3 reads 0 too.
    private static final int[][] BACKWARD = {{}, {0}, {0}, {2, 0}, {3}};

    @Test
    void engineStartsFromTheLastLeafOfTheFile() {
        assertArrayEquals(new int[] {0, 2, 3, 4, 1}, EngineOrder.of(BACKWARD, new int[] {0, 1, 2, 3, 4}));
    }

    @Test
    void engineTakesTheLastOperandFirst() {
        var operands = new int[][] {{}, {}, {}, {0, 1, 2}};
        assertArrayEquals(new int[] {1, 0, 2, 3}, EngineOrder.of(operands, new int[] {2, 0, 1, 3}));
    }

    @Test
    void fileOrderMakesTheEngineRunNodesAsGiven() {
        var file = FileOrder.of(BACKWARD);
        assertArrayEquals(new int[] {0, 2, 3, 4, 1}, file);
        assertArrayEquals(new int[] {0, 1, 2, 3, 4}, EngineOrder.of(BACKWARD, file));
    }

    @Test
    void partsThatNeedTheForwardPassAloneWaitForTheBackwardPass() {
        // 0, 1: forward; 2: its gradient; 3: of the forward pass alone; 4: reads both; 5, 6: the same a layer before.
        var operands = new int[][] {{}, {0}, {1}, {1}, {2, 3}, {0}, {4, 5}};
        assertArrayEquals(new int[] {0, 5, 1, 3, 2, 4, 6}, EngineOrder.of(operands, new int[] {0, 1, 2, 3, 4, 5, 6}));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6}, EngineOrder.of(operands, FileOrder.of(operands)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyGraphIsWrittenAndRunWithOperandsFirst(int seed) {
        var random = new Random(seed);
        var operands = IntStream.range(0, 200)
                .mapToObj(n -> IntStream.range(0, random.nextInt(4))
                        .filter(i -> n > 0)
                        .map(i -> random.nextInt(Math.max(0, n - 20), n))
                        .distinct()
                        .toArray())
                .toArray(int[][]::new);
        var file = FileOrder.of(operands);
        assertOperandsFirst(operands, file);
        assertOperandsFirst(operands, EngineOrder.of(operands, file));
    }

    @Test
    void gradientsOfLaterLayersComeFirst() {
        var graph = new Graph("test");
        var w = IntStream.range(0, 4)
                .mapToObj(i -> graph.input("w" + i, Type.f32(6, 6)))
                .toList();
        var x = graph.input("x", Type.f32(8, 6));
        for (var layer : w) {
            x = x.matmul(layer);
        }
        var gradients = Autodiff.gradients(x.square().mean(), w);
        for (var i = 0; i < 4; i++) {
            graph.output("dw" + i, gradients.get(i));
        }
        var order = EngineOrder.of(graph);
        var positions = gradients.reversed().stream()
                .map(Value::node)
                .map(order::indexOf)
                .toList();
        assertEquals(positions.stream().sorted().toList(), positions);

        assertTrue(Liveness.peakBytes(graph, order, 1) < Liveness.peakBytes(graph, asMade(order), 1));
    }

    /// What the engine would do with nodes written in the order of their numbers.
    private static List<Node> asMade(List<Node> order) {
        var nodes =
                order.stream().sorted((a, b) -> Integer.compare(a.id(), b.id())).toList();
        var operands = nodes.stream()
                .map(n -> n.inputs().stream()
                        .mapToInt(v -> nodes.indexOf(v.node()))
                        .filter(i -> i >= 0)
                        .distinct()
                        .toArray())
                .toArray(int[][]::new);
        var file = IntStream.range(0, nodes.size()).toArray();
        return Arrays.stream(EngineOrder.of(operands, file))
                .mapToObj(nodes::get)
                .toList();
    }

    private static void assertOperandsFirst(int[][] operands, int[] order) {
        var at = new int[order.length];
        Arrays.fill(at, -1);
        for (var i = 0; i < order.length; i++) {
            at[order[i]] = i;
        }
        for (var n = 0; n < operands.length; n++) {
            assertTrue(at[n] >= 0, "a node is missing");
            for (var m : operands[n]) {
                assertTrue(at[m] < at[n], "node %d comes before its operand %d".formatted(n, m));
            }
        }
    }
}
