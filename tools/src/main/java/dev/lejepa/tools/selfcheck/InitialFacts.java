package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.models.VisionTransformer;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.InitialValues;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Family 08, `08_init_facts`: how parameters start, by statistics of one instance. Ours come from other random
/// numbers, so each may differ by five standard errors of the difference of two such instances.
final class InitialFacts {
    private static final double ERRORS = 5;
    private static final long SEED = 0;
    private static final List<String> HEADS = List.of("head.weight", "fc.weight", "head.fc.weight");

    private InitialFacts() {}

    /// Models that are not built are listed.
    static void check(GoldenCase golden, Comparison results) {
        var measured = golden.document().object("measured");
        for (var name : measured.keys()) {
            var named = Registry.find(name);
            if (named.isEmpty()) {
                results.notBuilt(name);
                continue;
            }
            var tensors = measured.object(name);
            Map<String, Parameter> ours = ModelFacts.parameters(model(named.get(), name, tensors)).stream()
                    .collect(Collectors.toMap(Parameter::name, Function.identity()));
            for (var tensor : tensors.keys()) {
                var parameter = ours.get(tensor);
                if (parameter == null) {
                    results.fault(Text.format("%s has no parameter '%s'", name, tensor));
                } else {
                    compare(name + "/" + tensor, parameter, tensors.object(tensor), results);
                }
            }
        }
    }

    /// The model whose head and positions have the measured shapes.
    private static Backbone model(Backbone named, String name, Params tensors) {
        var classes = HEADS.stream()
                .filter(tensors::has)
                .findFirst()
                .map(head -> shape(tensors, head).getFirst())
                .orElse(0);
        var spec = BackboneSpec.named(name).with(BackboneSpec.NUM_CLASSES, classes);
        if (named instanceof VisionTransformer vit && tensors.has("pos_embed")) {
            var patches = shape(tensors, "pos_embed").get(1) - (vit.classToken() ? 1 : 0);
            var side = (int) Math.round(Math.sqrt(patches));
            spec = spec.with(BackboneSpec.IMG_SIZE, (long) side * vit.patchSize());
        }
        return Registry.build(spec);
    }

    private static List<Integer> shape(Params tensors, String name) {
        return tensors.object(name).integers("shape");
    }

    private static void compare(String name, Parameter parameter, Params expected, Comparison results) {
        var shape = parameter.value().shape();
        var dims =
                Arrays.stream(shape.dims()).mapToInt(Math::toIntExact).boxed().toList();
        results.require(
                dims.equals(expected.integers("shape")),
                Text.format("%s is %s, expected %s", name, dims, expected.integers("shape")));
        var values = new float[Math.toIntExact(shape.size())];
        var initial = new Bundle.Initial(parameter.name(), parameter.value().type(), parameter.init());
        InitialValues.fill(SEED, initial, 0, MemorySegment.ofArray(values));
        var wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        var ours = Sample.of(wide);
        if (expected.number("std") == 0) {
            constant(name, ours, expected, results);
        } else {
            random(name, ours, wide.length, expected, results);
        }
    }

    private static void constant(String name, Sample ours, Params expected, Comparison results) {
        for (var statistic : List.of("mean", "min", "max")) {
            var all = expected.number(statistic);
            results.require(
                    ours.lowest() == all && ours.highest() == all,
                    Text.format("%s is from %s to %s, expected all %s", name, ours.lowest(), ours.highest(), all));
        }
    }

    private static void random(String name, Sample ours, int n, Params expected, Comparison results) {
        var difference = Math.sqrt(2);
        judge(results, name + " mean", ours.mean(), expected.number("mean"), difference * ours.errorOfMean(n));
        judge(
                results,
                name + " std",
                ours.deviation(),
                expected.number("std"),
                difference * ours.errorOfVariance(n) / (2 * ours.deviation()));
        // 24 / n is the variance of a normal sample's kurtosis; flatter laws have a smaller one.
        judge(
                results,
                name + " kurtosis",
                ours.kurtosis(),
                expected.number("kurtosis"),
                difference * Math.sqrt(24.0 / n));
        extreme(results, name + " min", ours, -ours.lowest(), -expected.number("min"), n);
        extreme(results, name + " max", ours, ours.highest(), expected.number("max"), n);
    }

    /// The largest of `n` uniform numbers is near their bound, that of normal ones spreads as a Gumbel law.
    private static void extreme(Comparison results, String name, Sample ours, double found, double expected, int n) {
        var uniform = ours.kurtosis() < 2.4; // 1.8 for uniform, 3 for normal numbers
        var spread = uniform
                ? 2 * Math.sqrt(3) * ours.deviation() / n
                : ours.deviation() * Math.PI / Math.sqrt(6) / Math.sqrt(2 * Math.log(n));
        judge(results, name, found, expected, Math.sqrt(2) * spread);
    }

    private static void judge(Comparison results, String name, double found, double expected, double error) {
        if (!Double.isFinite(error) || error <= 0) {
            throw new BadInputException(Text.format("%s has no standard error", name));
        }
        results.judge(name, Math.abs(found - expected) / error, ERRORS);
    }
}
