package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.losses.UnivariateTest;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.StateNames;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.ColumnFusion;
import dev.lejepa.graphs.passes.CommonSubexpressions;
import dev.lejepa.graphs.passes.ConstantFolding;
import dev.lejepa.graphs.passes.DeadValues;
import dev.lejepa.graphs.passes.MapFusion;
import dev.lejepa.graphs.passes.MixedPrecision;
import dev.lejepa.graphs.passes.Recomputation;
import dev.lejepa.graphs.passes.RowFusion;
import dev.lejepa.graphs.programs.BundleAssembly.Beside;
import dev.lejepa.graphs.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Compiles what is to be trained, a recipe or a network of one's own: graphs of all stages, the states that they share,
/// and the manifest.
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

    /// A network of one's own. Inputs of its graphs that are no states, draws or learning rates are data, which whoever
    /// trains brings; outputs that are no new states are metrics.
    ///
    /// @param train the network's forward and backward pass
    /// @param groups all its parameters, each in one group
    /// @param evaluate a graph over the same parameters and buffers for use beside training, if one is wanted
    /// @param encoder what is to be exported of the network, over the same parameters and buffers, if anything is
    /// @param target what the graphs may use, but the encoder's, which is portable
    /// @param seed of the initial values
    /// @throws IllegalArgumentException if a parameter is in no group or in several, or `evaluate` or `encoder` has one
    ///     of its own
    public static Bundle build(
            TrainGraph train,
            List<TrainedGroup> groups,
            Optional<EvaluateGraph.Built> evaluate,
            Optional<EncoderGraph> encoder,
            Target target,
            long seed) {
        OwnNetworks.requireAllTrained(train.declarations(), groups);
        evaluate.ifPresent(e -> OwnNetworks.requireShared("evaluation", train.declarations(), e.declarations()));
        encoder.ifPresent(e -> OwnNetworks.requireShared(
                "the encoder", train.declarations(), e.built().declarations()));
        var beside = new ArrayList<Beside>();
        evaluate.ifPresent(e -> beside.add(evaluate(e, target)));
        encoder.ifPresent(e -> beside.add(encoder(e)));
        return new BundleAssembly(
                        target,
                        seed,
                        prepare(train.graph(), target),
                        train.declarations(),
                        groups,
                        beside,
                        Optional.empty(),
                        JsonNodeFactory.instance.objectNode())
                .assemble();
    }

    private Bundle build(JsonNode recipeJson) {
        var train = TrainGraph.build(model, recipe.data().batch(), views, target.imageLayout());
        var pixels = ModelFactory.levels(recipe.views());
        var heldOut = EvaluateGraph.heldOut(model, views, target.imageLayout());
        var beside = List.of(
                evaluate(EvaluateGraph.evaluate(model, pixels, target.imageLayout()), target),
                encoder(EncoderGraph.of(recipe, model.backbone(), EncoderRequest.plain())),
                new Beside(
                        BundleAssembly.HELD_OUT,
                        Bundle.HELD_OUT,
                        prepared(heldOut.graph(), target),
                        heldOut.declarations()));
        return new BundleAssembly(
                        target,
                        recipe.seed(),
                        stepGraph(train),
                        train.declarations(),
                        Groups.sort(recipe, train.declarations().parameters()),
                        beside,
                        AugmentStage.of(recipe, views, target),
                        recipeJson)
                .assemble();
    }

    private static Beside evaluate(EvaluateGraph.Built built, Target target) {
        return new Beside(
                BundleAssembly.EVALUATE, Bundle.EVALUATE, prepared(built.graph(), target), built.declarations());
    }

    private static Bundle.GraphFile prepared(Graph graph, Target target) {
        return new Bundle.GraphFile(prepare(graph, target), target, Map.of());
    }

    /// Whoever exports it may hold it on any machine.
    private static Beside encoder(EncoderGraph encoder) {
        var content = new Bundle.GraphFile(encoder.built().graph(), Target.PORTABLE, encoder.metadata());
        return new Beside(
                BundleAssembly.ENCODER, Bundle.ENCODER, content, encoder.built().declarations());
    }

    /// What is done to every graph before it is lowered for a target.
    public static Graph prepare(Graph graph, Target target) {
        return fused(simplify(graph), target);
    }

    /// A graph without what it need not compute; nothing is fused.
    public static Graph simplify(Graph graph) {
        return DeadValues.remove(CommonSubexpressions.merge(ConstantFolding.fold(graph)));
    }

    private static Graph fused(Graph graph, Target target) {
        return target.has(Target.Capability.FUSED_COLUMNS)
                ? DeadValues.remove(ColumnFusion.apply(graph, UnivariateTest.SCOPE))
                : target.has(Target.Capability.FUSED_ROWS) ? RowFusion.apply(graph) : graph;
    }

    /// Recomputation comes late: what it copies has its element types by then.
    private Graph stepGraph(TrainGraph train) {
        var recompute = recipe.train().memory().recompute();
        return fused(
                Recomputation.apply(inPrecision(train, target), RecomputedLayers.of(recompute, model.backbone())),
                target);
    }

    private Graph inPrecision(TrainGraph train, Target target) {
        var whole = simplify(train.graph());
        var graph = target.imageLayout() == ImageLayout.NHWC ? simplify(MapFusion.apply(whole)) : whole;
        return switch (recipe.train().precision()) {
            case FP32 -> graph;
            case BF16 -> {
                var said = train.declarations();
                var copies = said.parameters().stream()
                        .map(Parameter::name)
                        .collect(Collectors.toMap(p -> p, StateNames::copy));
                copies.values().forEach(copy -> said.says(copy, new Feed.State(copy)));
                yield simplify(MixedPrecision.apply(graph, p -> Optional.ofNullable(copies.get(p))));
            }
        };
    }
}
