package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.programs.BundleAssembly.Beside;
import dev.lejepa.graphs.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compiles what is to be trained, a recipe or a network of one's own: graphs of all stages, the states that they share,
/// and the manifest.
public final class BundleBuilder {
    private final Recipe recipe;
    private final Target target;
    private final StepModel model;
    private final List<ViewInput> views;
    private final Parts parts;

    private BundleBuilder(Recipe recipe, int classes, Target target, Parts parts) {
        this.parts = parts;
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
        return build(recipe, recipeJson, classes, preferred, Parts.WHOLE);
    }

    /// @param parts that the images of a step are cut into
    /// @throws dev.lejepa.graphs.BadInputException if the batch cannot be cut into these
    public static Bundle build(Recipe recipe, JsonNode recipeJson, int classes, Target preferred, Parts parts) {
        var target = recipe.train().target().word().equals(Target.PORTABLE.label()) ? Target.PORTABLE : preferred;
        return new BundleBuilder(recipe, classes, target, parts).build(recipeJson);
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
                        List.of(train(prepare(train.graph(), target), train.declarations())),
                        Declared.of(train.declarations()),
                        groups,
                        beside,
                        Optional.empty(),
                        Optional.empty(),
                        JsonNodeFactory.instance.objectNode())
                .assemble();
    }

    private static StepStage train(Graph graph, Declarations said) {
        return StepStage.once("train", Bundle.TRAIN, graph, said);
    }

    private Bundle build(JsonNode recipeJson) {
        var images = recipe.data().batch();
        var compiler = new StepCompiler(recipe.train(), model.backbone(), target);
        if (parts.whole()) {
            var train = TrainGraph.build(model, images, views, compiler.imageLayout());
            var stage = train(compiler.fused(compiler.withoutWidening(train)), train.declarations());
            return assembled(List.of(stage), Declared.of(train.declarations()), Optional.empty(), recipeJson);
        }
        var step = new CutStep(model, images, views, parts, compiler);
        var microBatches = new Manifest.MicroBatches(parts.microBatches(), parts.images(images));
        return assembled(step.stages(), step.declared(), Optional.of(microBatches), recipeJson);
    }

    private Bundle assembled(
            List<StepStage> step,
            Declared declared,
            Optional<Manifest.MicroBatches> microBatches,
            JsonNode recipeJson) {
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
                        step,
                        declared,
                        Groups.sort(recipe, declared.parameters()),
                        beside,
                        AugmentStage.of(recipe, views, target, microBatches),
                        microBatches,
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
        return StepCompiler.fused(simplify(graph), target);
    }

    /// A graph without what it need not compute; nothing is fused.
    public static Graph simplify(Graph graph) {
        return StepCompiler.simplify(graph);
    }
}
