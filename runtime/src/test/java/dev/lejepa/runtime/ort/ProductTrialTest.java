package dev.lejepa.runtime.ort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.ProductNodes;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Products with formulas, each alone. Host cores know them by their definitions.
class ProductTrialTest {
    private final FarMemory memory = new FarMemory(1L << 30);
    private final Engine engine = OrtEngine.openStaged(EngineOptions.of(1).withSpin(false), memory);
    private final Graph graph = new Graph("g");

    @AfterEach
    void everyBlockIsFreed() {
        assertEquals(0, memory.open());
        engine.close();
    }

    /// A product with its bias, GELU of that, and the bias's gradient if it were a gradient.
    private List<Value> product(String label, long rows, long columns, long depth) {
        var product = new Graph("product");
        var a = product.input("x0", Type.f32(rows, depth));
        var b = product.input("x1", Type.f32(columns, depth));
        var bias = product.input("x2", Type.f32(columns));
        var made = a.gemm(b, false, true);
        var formula = new Graph("formula");
        var biased = formula.input("x0", made.type()).add(formula.input("x1", bias.type()));
        formula.output("y0", biased.gelu());
        formula.output("y1", biased.sum(false, 0));
        product.apply(new Rewritten.Rows(formula), made, bias).forEach(v -> product.output("y" + v.index(), v));
        var operands = List.of(
                graph.input(label + "/a", a.type()),
                graph.input(label + "/b", b.type()),
                graph.input(label + "/bias", bias.type()));
        var results = graph.apply(new Rewritten.ProductRows(product), operands);
        results.forEach(v -> graph.output(label + "/y" + v.index(), v));
        return results;
    }

    private byte[] lowered() {
        return Lowering.lower(graph, Target.CUDA, Map.of()).proto().toByteArray();
    }

    private List<ProductNodes> nodes() throws IOException {
        return ProductNodes.in("g", new ByteArrayInputStream(lowered()));
    }

    @Test
    void nodesThatAreAlikeAreCounted() throws IOException {
        product("first", 6, 16, 8);
        product("second", 6, 16, 8);
        product("other", 4, 16, 8);
        var nodes = nodes().stream()
                .sorted(Comparator.comparing(ProductNodes::count))
                .toList();
        assertEquals(List.of(1, 2), nodes.stream().map(ProductNodes::count).toList());
        assertEquals(
                List.of(Type.f32(4, 8), Type.f32(16, 8), Type.f32(16)),
                nodes.getFirst().operands());
        assertEquals(List.of(Type.f32(4, 16), Type.f32(16)), nodes.getFirst().results());
    }

    @Test
    void aNodeAloneComputesWhatItDoesInItsGraph() throws IOException {
        product("p", 6, 16, 8);
        var random = new Random(1);
        var operands = new ArrayList<float[]>();
        for (var size : List.of(6 * 8, 16 * 8, 16)) {
            operands.add(numbers(size, random));
        }
        var expected = run(lowered(), List.of("p/a", "p/b", "p/bias"), operands, List.of("p/y0", "p/y1"));
        var found = run(nodes().getFirst().model(), List.of("x0", "x1", "x2"), operands, List.of("y0", "y1"));
        for (var i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), found.get(i));
        }
    }

    private static float[] numbers(int size, Random random) {
        var numbers = new float[size];
        for (var i = 0; i < size; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private List<float[]> run(byte[] graph, List<String> inputs, List<float[]> values, List<String> outputs) {
        var fed = new HashMap<String, DeviceTensor>();
        try (var model = engine.load("one", graph)) {
            for (var i = 0; i < inputs.size(); i++) {
                var port = model.input(inputs.get(i));
                var tensor = engine.allocate(
                        port.name(),
                        port.dtype(),
                        port.shape().stream().mapToLong(Long::longValue).toArray());
                tensor.setFloats(values.get(i));
                fed.put(port.name(), tensor);
            }
            try (var made = model.run(fed)) {
                return outputs.stream().map(name -> made.get(name).toFloats()).toList();
            }
        } finally {
            fed.values().forEach(DeviceTensor::close);
        }
    }

    @Test
    void everyWayIsTimedOnNumbersThatAreNoZeros() throws IOException {
        product("p", 300, 64, 256); // more numbers than are drawn
        var nodes = nodes().getFirst();
        var tensors = new ArrayList<DeviceTensor>();
        var fed = new ArrayList<float[]>();
        ProductTrial.Memory watched = (name, dtype, dims) -> {
            if (name.equals("y0")) { // comes when all operands are there
                tensors.forEach(t -> fed.add(t.toFloats()));
            }
            tensors.add(engine.allocate(name, dtype, dims));
            return tensors.getLast();
        };
        try (var one = engine.load("one", nodes.model());
                var other = engine.load("other", nodes.model())) {
            var millis = ProductTrial.millis(nodes, watched, List.of(one, other));
            assertEquals(2, millis.length);
            for (var m : millis) {
                assertTrue(m > 0 && m < 1e6, "ms " + m);
            }
        }
        assertEquals(
                List.of(300 * 256, 64 * 256, 64),
                fed.stream().map(x -> x.length).toList());
        for (var numbers : fed) {
            for (var x : numbers) {
                assertTrue(x != 0 && Math.abs(x) <= 1, "operand " + x);
            }
        }
    }
}
