package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.onnx.RowFormula;
import java.util.List;

/// The registers that a step of a formula of rows reads and sets.
final class RowSteps {
    private RowSteps() {}

    static List<Integer> operands(RowFormula.Step step) {
        return switch (step) {
            case RowFormula.Number _ -> List.of();
            case RowFormula.Unary u -> List.of(u.x());
            case RowFormula.Binary b -> List.of(b.a(), b.b());
            case RowFormula.Round r -> List.of(r.x());
            case RowFormula.Gelu g -> List.of(g.x());
            case RowFormula.GeluGrad g -> List.of(g.dy(), g.x());
            case RowFormula.LayerNorm n -> List.of(n.x(), n.scale(), n.bias());
            case RowFormula.LayerNormGrad g -> List.of(g.dy(), g.x(), g.scale(), g.mean(), g.inverse());
        };
    }

    static List<Integer> results(RowFormula.Step step) {
        return switch (step) {
            case RowFormula.Number n -> List.of(n.y());
            case RowFormula.Unary u -> List.of(u.y());
            case RowFormula.Binary b -> List.of(b.y());
            case RowFormula.Round r -> List.of(r.y());
            case RowFormula.Gelu g -> List.of(g.y());
            case RowFormula.GeluGrad g -> List.of(g.y());
            case RowFormula.LayerNorm n -> List.of(n.y(), n.mean(), n.inverse());
            case RowFormula.LayerNormGrad g -> List.of(g.dx(), g.dScale(), g.dBias());
        };
    }
}
