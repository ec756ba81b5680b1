package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;

/// The graph of the LeJEPA loss of images that the model does not train on: views and slice directions in, the loss and
/// its two parts out. It is a step's forward pass in evaluation mode: running statistics normalize, and nothing is
/// dropped.
public final class HeldOutGraph {
    private HeldOutGraph() {}

    /// Outputs have the names that [TrainGraph] gives them.
    ///
    /// @param images `N`, the sample that SIGReg tests
    /// @param inputs views in the order of their numbers
    public static EvaluateGraph.Built build(StepModel model, int images, List<ViewInput> inputs) {
        var graph = new Graph("held-out");
        var declarations = new Declarations(graph);
        var s = Scope.root(declarations, Mode.EVALUATE);
        var embeddings = TrainGraph.embeddings(s, model, images, inputs); // [N V, E]
        var rows = model.projector().forward(s.at(StepModel.PROJECTOR), embeddings); // [N V, K]
        var parts = TrainGraph.loss(s, model, rows, images);
        graph.output(TrainGraph.LOSS, parts.loss());
        graph.output(TrainGraph.INVARIANCE, parts.invariance());
        graph.output(TrainGraph.SIGREG, parts.sigreg());
        return new EvaluateGraph.Built(graph, declarations);
    }
}
