package dev.lejepa.graphs.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pooled features of small models beside timm's (`tools/interop/timm_features.py`), from parameters and images that
/// are functions of name and index.
class TimmFeaturesTest {
    /// The interpreter computes in double precision, as timm did; what differs is the order of sums, and the resampling
    /// of positions, which timm does in single precision.
    private static final double TOLERANCE = 1e-6;

    static List<String> cases() {
        return TimmCountsTest.lines("features.txt");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void featuresAreTimms(String line) {
        var parts = line.split(" \\| ", -1);
        var size = numbers(parts[1]);
        var expected = numbers(parts[2]);
        var graph = new Graph("features");
        var declared = new Declarations(graph);
        var s = Scope.root(declared, Mode.EVALUATE);
        var shape = Shape.of(2, 3, (long) size[0], (long) size[1]);
        var model = model(parts[0].split(" ", -1));
        var pooled = model.pool(s, model.features(s, graph.input("images", Type.f32(shape.dims()))));
        graph.output("pooled", pooled);
        var feeds = new HashMap<String, NdArray>();
        feeds.put("images", NdArray.of(shape, scaled(numbers("images", shape.size()), 4)));
        declared.parameters()
                .forEach(p -> feeds.put(p.name(), value(p.name(), p.value().shape())));
        declared.buffers()
                .forEach(b -> feeds.put(b.name(), value(b.name(), b.value().shape())));
        var found = Interpreter.evaluate(graph, feeds).get("pooled");
        var second = found.size() / 2;
        assertArrayEquals(expected, Arrays.copyOfRange(found.data(), second, second + expected.length), TOLERANCE);
    }

    private static Backbone model(String[] said) {
        var spec = BackboneSpec.named(said[0]);
        for (var argument : Arrays.asList(said).subList(1, said.length)) {
            var parts = argument.split("=", 2);
            spec = spec.with(parts[0], NameTable.setting(parts[1]));
        }
        return Registry.build(spec);
    }

    /// Factors and variances are around 1, offsets small, weights scaled by their fan-in.
    private static NdArray value(String name, Shape shape) {
        var raw = numbers(name, shape.size());
        if (shape.rank() < 2) {
            var around = name.endsWith("weight") || name.endsWith("gamma") || name.endsWith("running_var") ? 1 : 0;
            return NdArray.of(
                    shape, Arrays.stream(raw).map(x -> x * 0.4 + around).toArray());
        }
        return NdArray.of(shape, scaled(raw, 4 / Math.sqrt((double) shape.size() / shape.dim(0))));
    }

    private static double[] scaled(double[] numbers, double factor) {
        return Arrays.stream(numbers).map(x -> x * factor).toArray();
    }

    /// Numbers from -0.5 to 0.5.
    private static double[] numbers(String name, long count) {
        var seed = name.chars().sum();
        var numbers = new double[Math.toIntExact(count)];
        for (var i = 0; i < numbers.length; i++) {
            var x = Math.sin(i * 12.9898 + seed * 0.37) * 43758.5453;
            numbers[i] = x - Math.floor(x) - 0.5;
        }
        return numbers;
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
