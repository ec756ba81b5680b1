package dev.lejepa.graphs.models;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/// A line of a file that a script beside timm wrote: a small model, the size of its two images, and numbers that timm
/// found. Parameters, buffers and images are functions of name and index that any language computes alike.
///
/// @param images `[2, 3, H, W]`
/// @param expected lists of numbers, in the line's order
public record TimmCase(Backbone model, Shape images, List<double[]> expected) {
    /// What is computed of a model and its images.
    @FunctionalInterface
    public interface Computation {
        Value of(Backbone model, Scope s, Value images);
    }

    public static TimmCase of(String line) {
        var parts = line.split(" \\| ?", -1);
        var size = numbers(parts[1]);
        var expected = Arrays.stream(parts).skip(2).map(TimmCase::numbers).toList();
        return new TimmCase(model(parts[0].split(" ", -1)), Shape.of(2, 3, (long) size[0], (long) size[1]), expected);
    }

    /// The lines of a file beside this class.
    public static List<String> lines(String file) {
        return TimmCountsTest.lines(file);
    }

    /// What the interpreter makes of it, in double precision as timm did.
    public NdArray compute(Computation computation) {
        var graph = new Graph("case");
        var declared = new Declarations(graph);
        var s = Scope.root(declared, Mode.EVALUATE);
        var input = graph.input("images", Type.f32(images.dims()));
        graph.output("found", computation.of(model, s, input));
        var feeds = new HashMap<String, NdArray>();
        feeds.put("images", NdArray.of(images, scaled(numbers("images", images.size()), 4)));
        declared.parameters()
                .forEach(p -> feeds.put(p.name(), value(p.name(), p.value().shape())));
        declared.buffers()
                .forEach(b -> feeds.put(b.name(), value(b.name(), b.value().shape())));
        return Interpreter.evaluate(graph, feeds).get("found");
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
        return text.isEmpty()
                ? new double[0]
                : Arrays.stream(text.split(" ", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
    }
}
