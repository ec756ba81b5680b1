package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.losses.CrossEntropy;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Declarations.Parameter;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.nn.Feed;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.Sink;
import dev.lejepa.graphs.nn.StateNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The graph of forward and backward pass: views, labels, draws and states in; metrics, gradients and new buffers out.
/// Where a step is cut at the embedding there are two, the [#backbone] and the [#objective], with the same layers under
/// the same names.
///
/// @param declarations the parameters, buffers and draws that the layers asked for
public record TrainGraph(Graph graph, Declarations declarations) {
    public static final String LABELS = "labels";
    /// Ends the name of the draw that holds slice directions, the same for all images and ranks of a step.
    public static final String DIRECTIONS = "directions";
    public static final String LOSS = "loss";
    public static final String INVARIANCE = "invariance";
    public static final String SIGREG = "sigreg";
    public static final String PROBE_LOSS = "probe_loss";
    public static final String EMBEDDINGS = "embeddings";
    /// The gradient of the loss by the embeddings.
    public static final String COTANGENT = "cotangent";
    public static final String PROJECTIONS = "projections";

    /// @param images `N`
    /// @param inputs views in the order of their numbers
    /// @param layout of maps
    public static TrainGraph build(StepModel model, int images, List<ViewInput> inputs, ImageLayout layout) {
        var graph = new Graph("train");
        var declarations = new Declarations(graph);
        var s = Scope.root(declarations, Mode.TRAIN, layout);
        var embeddings = embeddings(s, model, Shape.of(images), inputs); // [N V, E]
        var objective = objective(s, model, embeddings, images);
        graph.output(EMBEDDINGS, embeddings);
        graph.output(PROJECTIONS, objective.projections());
        return differentiate(declarations, objective.total());
    }

    /// The backbone's parameters that the objective takes away again, as far as a graph of the backbone alone cannot
    /// know it.
    ///
    /// @param images any number
    static Set<String> still(StepModel model, int images, List<ViewInput> inputs, ImageLayout layout) {
        var declarations = new Declarations(new Graph("forward"));
        var s = Scope.root(declarations, Mode.TRAIN, layout);
        var loss = objective(s, model, embeddings(s, model, Shape.of(images), inputs), images)
                .total();
        return declarations.parameters().stream()
                .filter(p -> Autodiff.isStill(loss, p.value()))
                .map(Parameter::name)
                .collect(Collectors.toSet());
    }

    /// The backbone alone: its embeddings are handed over, and their gradient is handed to it.
    ///
    /// @param images of a micro-batch
    /// @param inputs views in the order of their numbers
    /// @param layout of maps
    /// @param still names of parameters without a gradient
    static TrainGraph backbone(
            StepModel model, int images, List<ViewInput> inputs, ImageLayout layout, Set<String> still) {
        var declarations = new Declarations(new Graph("backbone"));
        var s = Scope.root(declarations, Mode.TRAIN, layout);
        var embeddings = embeddings(s, model, Shape.of(images), inputs); // [n V, E]
        declarations.output(EMBEDDINGS, embeddings, new Sink.Handed(true));
        var cotangent = declarations.input(COTANGENT, embeddings.type(), new Feed.Handed(true));
        var parameters = declarations.parameters();
        var fixed = parameters.stream()
                .filter(p -> still.contains(p.name()))
                .map(Parameter::value)
                .collect(Collectors.toSet());
        var gradients = Autodiff.pullback(Map.of(embeddings, cotangent), values(parameters), v -> !fixed.contains(v));
        return withGradients(declarations, gradients, parameters);
    }

    /// What is made of the embeddings of a whole batch, and their gradient.
    ///
    /// @param images `N`
    /// @param views `V`
    static TrainGraph objective(StepModel model, int images, int views) {
        var declarations = new Declarations(new Graph("objective"));
        var s = Scope.root(declarations, Mode.TRAIN);
        var type = Type.f32((long) images * views, model.backbone().embeddingWidth());
        var embeddings = declarations.input(EMBEDDINGS, type, new Feed.Handed(true));
        var objective = objective(s, model, embeddings, images);
        declarations.graph().output(PROJECTIONS, objective.projections());
        var parameters = declarations.parameters();
        var gradients = Autodiff.gradients(
                objective.total(),
                Stream.concat(values(parameters).stream(), Stream.of(embeddings))
                        .toList());
        declarations.output(COTANGENT, gradients.getLast(), new Sink.Handed(true));
        return withGradients(declarations, gradients, parameters);
    }

    /// @param total what is differentiated
    /// @param projections `[N V, K]`
    private record Objective(Value total, Value projections) {}

    /// @param embeddings `[N V, E]`
    private static Objective objective(Scope s, StepModel model, Value embeddings, int images) {
        var rows = model.projector().forward(s.at(StepModel.PROJECTOR), embeddings);
        var parts = loss(s, model.loss(), rows, images);
        s.graph().output(LOSS, parts.loss());
        s.graph().output(INVARIANCE, parts.invariance());
        s.graph().output(SIGREG, parts.sigreg());
        return new Objective(probe(s, model, embeddings, images, parts.loss()), rows);
    }

    /// Appends the backward pass to a forward pass: the gradients of all parameters become outputs `grad/NAME`, the new
    /// values of buffers `new/NAME`.
    ///
    /// @param declarations what the layers of the forward pass asked for
    /// @param loss a float scalar of their graph
    public static TrainGraph differentiate(Declarations declarations, Value loss) {
        var parameters = declarations.parameters();
        return withGradients(declarations, Autodiff.gradients(loss, values(parameters)), parameters);
    }

    private static List<Value> values(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::value).toList();
    }

    private static TrainGraph withGradients(
            Declarations declarations, List<Value> gradients, List<Parameter> parameters) {
        for (var i = 0; i < parameters.size(); i++) {
            var name = StateNames.gradient(parameters.get(i).name());
            declarations.output(name, gradients.get(i), new Sink.State(name, false));
        }
        declarations.buffers().forEach(b -> declarations.updated(b.name(), b.current()));
        return new TrainGraph(declarations.graph(), declarations);
    }

    /// Each size of view runs through the backbone on its own; rows come out as `n*V+v`.
    ///
    /// @param images `[N]`, a number or the free batch
    static Value embeddings(Scope s, StepModel model, Shape images, List<ViewInput> inputs) {
        var width = model.backbone().embeddingWidth();
        var groups = inputs.stream()
                .map(in -> {
                    var views = in.views().count();
                    var shape = images.withDims(images.dim(0) * views, 3, in.height(), in.width());
                    var batch = in.pixels().input(s.world(), in.label(), shape, in.views());
                    var e = model.backbone().forward(s.of(in.views()), batch); // [N count, E]
                    return e.reshape(images.dim(0), views, width);
                })
                .toList();
        var all = Value.concat(1, groups); // [N, V, E]
        return all.reshape(all.dim(0) * all.dim(1), width);
    }

    /// @param rows projections `[N V, K]`
    static LeJepaLoss.Parts loss(Scope s, LeJepaLoss loss, Value rows, int images) {
        var views = Math.toIntExact(rows.dim(0) / images);
        return s.at("loss").within("LeJEPA", () -> {
            var slices = loss.test().slices();
            Optional<Value> directions = slices == 0
                    ? Optional.empty()
                    : Optional.of(s.draw(DIRECTIONS, new Distribution.Normal(0, 1), rows.dim(1), slices));
            return loss.apply(LeJepaLoss.viewMajor(rows, views), directions);
        });
    }

    /// Adds the probe's loss to what is differentiated. The embeddings are detached, so LeJEPA's gradients stay alone.
    private static Value probe(Scope s, StepModel model, Value embeddings, int images, Value loss) {
        if (model.probe().isEmpty()) {
            return loss;
        }
        var g = s.graph();
        var views = embeddings.dim(0) / images;
        var logits = model.probe().get().forward(s.at(StepModel.PROBE), embeddings); // [N V, classes]
        return s.at(StepModel.PROBE).within("cross-entropy", () -> {
            var labels = s.world().input(LABELS, Type.i64(images), new Feed.Labels());
            var probeLoss = CrossEntropy.loss(logits, perView(labels, views));
            g.output(PROBE_LOSS, probeLoss);
            return loss.add(probeLoss);
        });
    }

    /// Labels `[N]` repeated for the views of each image: row `n*V+v` has label `n`.
    public static Value perView(Value labels, long views) {
        var images = labels.dim(0);
        var columns = labels.shape().withDims(images, views);
        return labels.reshape(images, 1).expand(columns).reshape(images * views);
    }
}
