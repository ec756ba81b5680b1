package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.Views;
import dev.lejepa.graphs.passes.CommonSubexpressions;
import dev.lejepa.graphs.passes.DeadValues;
import java.util.List;

/// Graphs without a backward pass, for any number of images.
public final class EvaluateGraph {
    public static final String IMAGES = "images";
    public static final String FEATURES = "features";
    public static final String TOKENS = "tokens";
    public static final String LAYERS = "layers";
    public static final String ATTENTION = "attention";
    public static final String EMBEDDINGS = "embeddings";
    public static final String PROJECTIONS = "projections";
    public static final String LOGITS = "logits";

    private EvaluateGraph() {}

    /// A graph and what its layers asked for.
    public record Built(Graph graph, Declarations declarations) {}

    /// Images to pooled features `[N, width]`, embeddings `[N, E]`, projections `[N, K]` and, with a probe, logits.
    ///
    /// @param pixels how images come
    /// @param layout of maps
    public static Built evaluate(StepModel model, Pixels pixels, ImageLayout layout) {
        var built = start("evaluate");
        var s = Scope.root(built.declarations(), Mode.EVALUATE, layout);
        var b = model.backbone();
        var images = pixels.input(
                built.declarations(), IMAGES, Shape.batched(1, 3, b.imageHeight(), b.imageWidth()), Views.NONE);
        var features = b.pool(s, b.features(s, images));
        var embeddings = b.head(s, features);
        built.graph().output(FEATURES, features);
        built.graph().output(EMBEDDINGS, embeddings);
        built.graph().output(PROJECTIONS, model.projector().forward(s.at(StepModel.PROJECTOR), embeddings));
        model.probe().ifPresent(p -> built.graph().output(LOGITS, p.forward(s.at(StepModel.PROBE), embeddings)));
        return built;
    }

    /// The encoder for inference: images to pooled features `[N, width]` and tokens `[N, T, width]`, and what is asked
    /// for beside them: `layers` `[N, L width]`, `attention` `[N, heads, T, T]`.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the backbone has not what is asked for
    static Built encoder(Backbone backbone, EncoderRequest request) {
        var built = start("encoder");
        var s = Scope.root(built.declarations(), Mode.EVALUATE);
        var height = request.size().orElse(backbone.imageHeight());
        var width = request.size().orElse(backbone.imageWidth());
        var images = new Pixels.Normalized()
                .input(built.declarations(), IMAGES, Shape.batched(1, 3, height, width), Views.NONE);
        var features = backbone.features(s, images);
        built.graph().output(FEATURES, backbone.pool(s, features));
        built.graph().output(TOKENS, features.tokens());
        if (request.layers() > 0) {
            built.graph().output(LAYERS, EncoderOutputs.layers(backbone, s, images, request.layers()));
        }
        if (request.attention()) {
            built.graph().output(ATTENTION, EncoderOutputs.attention(backbone, s, images));
        }
        // each output walks through the blocks by itself; what they share is computed once
        return new Built(DeadValues.remove(CommonSubexpressions.merge(built.graph())), built.declarations());
    }

    /// Views to projections `[N V, K]`, row `n*V+v`: a step's forward pass in evaluation mode, where running statistics
    /// normalize and nothing is dropped. [LossGraph] makes the LeJEPA loss of them.
    ///
    /// @param inputs views in the order of their numbers
    /// @param layout of maps
    static Built heldOut(StepModel model, List<ViewInput> inputs, ImageLayout layout) {
        var built = start("held-out");
        var s = Scope.root(built.declarations(), Mode.EVALUATE, layout);
        var embeddings = TrainGraph.embeddings(s, model, Shape.batched(1), inputs); // [N V, E]
        built.graph().output(PROJECTIONS, model.projector().forward(s.at(StepModel.PROJECTOR), embeddings));
        return built;
    }

    private static Built start(String name) {
        var graph = new Graph(name);
        return new Built(graph, new Declarations(graph));
    }
}
