package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.losses.LeJepaLoss;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;

/// The graph of the LeJEPA loss of projections: rows `n*V+v` and slice directions in, the loss and its two parts out,
/// under the names that [TrainGraph] gives them. Tests of normality know the size of their sample, so this graph is one
/// of its own for each size, where projections are computed for any number of images.
public final class LossGraph {
    private LossGraph() {}

    /// @param images `N`, the sample that the regularizer tests
    /// @param views `V`
    /// @param width of a projection, `K`
    public static EvaluateGraph.Built build(LeJepaLoss loss, int images, int views, long width) {
        var graph = new Graph("loss");
        var declarations = new Declarations(graph);
        var s = Scope.root(declarations, Mode.EVALUATE);
        var rows = graph.input(EvaluateGraph.PROJECTIONS, Type.f32((long) images * views, width));
        var parts = TrainGraph.loss(s, loss, rows, images);
        graph.output(TrainGraph.LOSS, parts.loss());
        graph.output(TrainGraph.INVARIANCE, parts.invariance());
        graph.output(TrainGraph.SIGREG, parts.sigreg());
        return new EvaluateGraph.Built(graph, declarations);
    }
}
