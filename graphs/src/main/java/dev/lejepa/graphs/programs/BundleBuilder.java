package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Verifier;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.optim.AdamWGraph;
import dev.lejepa.graphs.optim.ParameterGroup;
import dev.lejepa.graphs.passes.ColumnFusion;
import dev.lejepa.graphs.passes.CommonSubexpressions;
import dev.lejepa.graphs.passes.ConstantFolding;
import dev.lejepa.graphs.passes.DeadValues;
import dev.lejepa.graphs.passes.MixedPrecision;
import dev.lejepa.graphs.passes.Recomputation;
import dev.lejepa.graphs.programs.Manifest.Role;
import dev.lejepa.graphs.programs.Manifest.State;
import dev.lejepa.graphs.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compiles a recipe: graphs of all stages, the states that they share, and the manifest.
public final class BundleBuilder {
    private final Recipe recipe;
    private final Target target;
    private final StepModel model;
    private final List<ViewInput> views;

    private BundleBuilder(Recipe recipe, int classes, Target target) {
        this.recipe = recipe;
        this.target = target;
        this.model = ModelFactory.model(recipe, classes);
        this.views = ModelFactory.views(recipe);
    }

    /// @param recipe already checked against its rules
    /// @param recipeJson the same, resolved and complete, for the manifest
    /// @param classes labels that the online probe tells apart; 0 for no probe
    public static Bundle build(Recipe recipe, JsonNode recipeJson, int classes) {
        return build(recipe, recipeJson, classes, Target.ORT);
    }

    /// @param preferred what the graphs may use, unless the recipe asks for portable ones
    public static Bundle build(Recipe recipe, JsonNode recipeJson, int classes, Target preferred) {
        var target = recipe.train().target().word().equals(Target.PORTABLE.label()) ? Target.PORTABLE : preferred;
        return new BundleBuilder(recipe, classes, target).build(recipeJson);
    }

    private Bundle build(JsonNode recipeJson) {
        var train = TrainGraph.build(model, recipe.data().batch(), views);
        var groups = Groups.sort(recipe, train.declarations().parameters());
        var step = stepGraph(train);
        var copied = copied(train.declarations(), step);
        var optimizer = AdamWGraph.build(parameterGroups(groups), copied, hostSteps());
        var pixels = Pixels.levels(recipe.views());
        var evaluate = EvaluateGraph.evaluate(model, pixels).graph();
        var graphs = new LinkedHashMap<String, Graph>();
        graphs.put(Bundle.TRAIN, step);
        graphs.put(Bundle.OPTIMIZER, optimizer);
        graphs.put(Bundle.EVALUATE, prepare(evaluate, target));
        var states = states(train.declarations(), groups, copied);
        var stages = new StageDescriptions(
                states, views, pixels, train.declarations().draws());
        var manifest = new Manifest(
                Manifest.FORMAT,
                Manifest.VERSION,
                target.label(),
                target.device(),
                recipeJson,
                states,
                groups.sequencedKeySet().stream()
                        .map(g -> Groups.describe(recipe, g))
                        .toList(),
                List.of(
                        stages.describe("train", Bundle.TRAIN, step),
                        stages.describe("optimize", Bundle.OPTIMIZER, optimizer)),
                stages.describe("evaluate", Bundle.EVALUATE, evaluate));
        return verifyInPlace(new Bundle(manifest, target, graphs, recipe.seed(), initial(train.declarations())));
    }

    /// ONNX Runtime's optimizer kernel reads the step in host memory and counts it up there. On host cores a graph makes
    /// a copy for each update; on a device every copy would be waited for, so each is an input.
    private boolean hostSteps() {
        return target.device().equals(Target.CUDA.device());
    }

    /// What is done to every graph before it is lowered for a target.
    public static Graph prepare(Graph graph, Target target) {
        return fused(simplify(graph), target);
    }

    private static Graph simplify(Graph graph) {
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(graph)));
    }

    /// Kernels of fused formulas exist for host cores.
    private static Graph fused(Graph graph, Target target) {
        return target == Target.ORT ? DeadValues.remove(ColumnFusion.apply(graph, UnivariateTest.SCOPE)) : graph;
    }

    /// Recomputation comes late: what it copies has its element types by then.
    private Graph stepGraph(TrainGraph train) {
        var recompute = recipe.train().memory().recompute();
        return fused(Recomputation.apply(inPrecision(train), RecomputedLayers.of(recompute)), target);
    }

    private Graph inPrecision(TrainGraph train) {
        var graph = simplify(train.graph());
        return switch (recipe.train().precision()) {
            case FP32 -> graph;
            case BF16 -> {
                var parameters = train.declarations().parameters().stream()
                        .map(Parameter::name)
                        .collect(Collectors.toSet());
                yield simplify(MixedPrecision.apply(
                        graph, p -> parameters.contains(p) ? Optional.of(AdamWGraph.copy(p)) : Optional.empty()));
            }
        };
    }

    /// The parameters of which a step reads copies.
    private static Set<String> copied(Declarations declared, Graph step) {
        return declared.parameters().stream()
                .map(Parameter::name)
                .filter(p -> step.inputs().containsKey(AdamWGraph.copy(p)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<ParameterGroup> parameterGroups(SequencedMap<String, List<Parameter>> groups) {
        var list = new ArrayList<ParameterGroup>();
        groups.forEach((name, members) -> {
            var types = new LinkedHashMap<String, Type>();
            members.forEach(p -> types.put(p.name(), p.value().type()));
            var g = Groups.describe(recipe, name);
            list.add(new ParameterGroup(
                    name, types, g.weightDecay(), g.betas().get(0), g.betas().get(1), g.eps()));
        });
        return list;
    }

    private static List<State> states(
            Declarations declared, SequencedMap<String, List<Parameter>> groups, Set<String> copied) {
        var groupOf = Groups.byParameter(groups);
        var states = new ArrayList<State>();
        for (var p : declared.parameters()) {
            states.add(state(p.name(), Role.PARAMETER, p.value(), null, groupOf.get(p.name())));
        }
        for (var p : declared.parameters()) {
            states.add(state(AdamWGraph.gradient(p.name()), Role.GRADIENT, p.value(), p.name(), null));
            states.add(state(AdamWGraph.moment1(p.name()), Role.MOMENT1, p.value(), p.name(), null));
            states.add(state(AdamWGraph.moment2(p.name()), Role.MOMENT2, p.value(), p.name(), null));
        }
        for (var p : declared.parameters()) {
            if (copied.contains(p.name())) {
                var dims = StageDescriptions.dims(p.value().shape());
                var type = DType.BFLOAT16.label();
                states.add(new State(AdamWGraph.copy(p.name()), Role.COPY, type, dims, p.name(), null));
            }
        }
        for (var b : declared.buffers()) {
            states.add(state(b.name(), Role.BUFFER, b.value(), null, null));
        }
        states.add(new State(AdamWGraph.STEP, Role.STEP, "int64", List.of(1L), null, null));
        return states;
    }

    private static State state(String name, Role role, Value like, @Nullable String of, @Nullable String group) {
        return new State(name, role, like.type().dtype().label(), StageDescriptions.dims(like.shape()), of, group);
    }

    private static List<Bundle.Initial> initial(Declarations declared) {
        var list = new ArrayList<Bundle.Initial>();
        declared.parameters()
                .forEach(p -> list.add(new Bundle.Initial(p.name(), p.value().type(), p.init())));
        declared.buffers()
                .forEach(b -> list.add(new Bundle.Initial(b.name(), b.value().type(), b.init())));
        return list;
    }

    private static Bundle verifyInPlace(Bundle bundle) {
        for (var stage : bundle.manifest().stages()) {
            var updates = new LinkedHashMap<String, String>();
            for (var out : stage.outputs()) {
                stage.inputs().stream()
                        .filter(in -> in.state() != null && in.state().equals(out.state()))
                        .forEach(in -> updates.put(in.name(), out.name()));
            }
            Verifier.verifyInPlace(bundle.graph(stage.graph()), updates);
        }
        return bundle;
    }
}
