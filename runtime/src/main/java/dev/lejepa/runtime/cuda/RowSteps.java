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
            case RowFormula.RowSum s -> List.of(s.x());
            case RowFormula.LayerNorm n -> List.of(n.x(), n.scale(), n.bias());
            case RowFormula.LayerNormGrad g -> List.of(g.dy(), g.x(), g.scale(), g.mean(), g.inverse());
        };
    }

    static boolean isNorm(RowFormula.Step step) {
        return step instanceof RowFormula.LayerNorm || step instanceof RowFormula.LayerNormGrad;
    }

    /// Registers of a formula that are sums over all rows, in the order of its steps.
    static List<Integer> sums(RowFormula formula) {
        return formula.steps().stream().flatMap(s -> sums(s).stream()).toList();
    }

    private static List<Integer> sums(RowFormula.Step step) {
        return switch (step) {
            case RowFormula.RowSum s -> List.of(s.y());
            case RowFormula.LayerNormGrad g -> List.of(g.dScale(), g.dBias());
            case RowFormula.Number _, RowFormula.Unary _, RowFormula.Binary _, RowFormula.Round _ -> List.of();
            case RowFormula.Gelu _, RowFormula.GeluGrad _, RowFormula.LayerNorm _ -> List.of();
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
            case RowFormula.RowSum s -> List.of(s.y());
            case RowFormula.LayerNorm n -> List.of(n.y(), n.mean(), n.inverse());
            case RowFormula.LayerNormGrad g -> List.of(g.dx(), g.dScale(), g.dBias());
        };
    }
}
