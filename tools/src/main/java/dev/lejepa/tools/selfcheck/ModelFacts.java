package dev.lejepa.tools.selfcheck;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Family 08, `08_model_shapes`: the parameters of named models.
final class ModelFacts {
    private static final String KEYWORDS = "create_model_kwargs";

    private ModelFacts() {}

    /// Names and shapes of parameters of models by timm's names. Models that are not built are listed.
    static void shapes(GoldenCase golden, Comparison results) {
        for (var file : golden.document().object("files").keys()) {
            var entry = parse(golden, file);
            var name = entry.text("model");
            if (Registry.find(name).isEmpty()) {
                results.notBuilt(name);
                continue;
            }
            var keywords = entry.has(KEYWORDS) ? entry.object(KEYWORDS) : golden.params();
            var spec = spec(name, keywords);
            var model = Registry.build(spec);
            var parameters = parameters(model);
            shapes(file, entry, parameters, results);
            counts(file, entry, model, parameters, results);
            counts(file, golden.document().object("files").object(file), model, parameters, results);
            var headless = parameters(Registry.build(spec.with(BackboneSpec.NUM_CLASSES, 0)));
            count(file, entry, "n_params_without_head", count(headless), results);
            absent(file, entry, parameters, headless, results);
        }
    }

    private static Params parse(GoldenCase golden, String file) {
        try {
            return GoldenCase.parse(golden.file(file));
        } catch (IOException e) {
            throw new UncheckedIOException(Text.format("%s: %s", golden.file(file), e.getMessage()), e);
        }
    }

    private static void shapes(String file, Params entry, List<Parameter> parameters, Comparison results) {
        var ours = parameters.stream().collect(Collectors.toMap(Parameter::name, ModelFacts::shape));
        var expected = entry.list("parameters");
        for (var pair : expected) {
            var name = pair.get(0).textValue();
            var shape = pair.get(1).toString().replace(",", ", ");
            var found = ours.remove(name);
            results.require(shape.equals(found), Text.format("%s: %s is %s, expected %s", file, name, found, shape));
        }
        results.require(ours.isEmpty(), Text.format("%s: there are also %s", file, ours.keySet()));
    }

    private static void counts(
            String file, Params entry, Backbone model, List<Parameter> parameters, Comparison results) {
        count(file, entry, "n_params", count(parameters), results);
        count(file, entry, "n_tensors", parameters.size(), results);
        count(file, entry, "num_features", model.width(), results);
    }

    private static void absent(
            String file, Params entry, List<Parameter> parameters, List<Parameter> headless, Comparison results) {
        var key = "parameters_absent_without_head";
        if (entry.has(key)) {
            var found = parameters.stream().map(Parameter::name).collect(Collectors.toCollection(TreeSet::new));
            headless.forEach(p -> found.remove(p.name()));
            var expected =
                    entry.list(key).stream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
            results.require(
                    found.equals(expected), Text.format("%s: %s are %s, expected %s", file, key, found, expected));
        }
    }

    private static void count(String file, Params entry, String key, long found, Comparison results) {
        if (entry.has(key)) {
            results.require(
                    entry.integer(key) == found,
                    Text.format("%s: %s is %d, expected %d", file, key, found, entry.integer(key)));
        }
    }

    private static long count(List<Parameter> parameters) {
        return parameters.stream().mapToLong(p -> p.value().shape().size()).sum();
    }

    private static String shape(Parameter p) {
        return p.value().shape().toString();
    }

    /// All parameters of a model.
    static List<Parameter> parameters(Backbone model) {
        var graph = new Graph("facts");
        var declarations = new Declarations(graph);
        model.forward(
                Scope.root(declarations, Mode.EVALUATE),
                graph.input("images", Type.f32(1, 3, model.imageHeight(), model.imageWidth())));
        return declarations.parameters();
    }

    private static BackboneSpec spec(String name, Params keywords) {
        return new BackboneSpec(name, ModelArguments.of(keywords, Set.of()));
    }
}
