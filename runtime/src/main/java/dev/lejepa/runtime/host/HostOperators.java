package dev.lejepa.runtime.host;

import static dev.lejepa.graphs.ir.DType.FLOAT32;
import static dev.lejepa.graphs.ir.DType.INT64;

import dev.lejepa.graphs.onnx.Formula;
import dev.lejepa.runtime.kernel.Operator;
import java.util.Collections;
import java.util.List;

/// The operators of `dev.lejepa` that Java computes.
public final class HostOperators {
    private HostOperators() {}

    /// The operator that stands for a formula in the graph that holds it.
    public static Operator fused(Formula formula) {
        return new Operator(
                formula.name(),
                Collections.nCopies(formula.inputs(), FLOAT32),
                0,
                Collections.nCopies(formula.results().size(), FLOAT32),
                _ -> new FusedKernel(formula));
    }

    /// Those that every graph may use.
    public static List<Operator> all() {
        return List.of(
                new Operator("Ecf", List.of(FLOAT32), 0, List.of(FLOAT32, FLOAT32), EcfKernel::new),
                new Operator("EcfGrad", List.of(FLOAT32, FLOAT32, FLOAT32), 0, List.of(FLOAT32), EcfGradKernel::new),
                new Operator("Sort", List.of(FLOAT32), 0, List.of(FLOAT32, INT64), _ -> new SortKernel()),
                new Operator("Unsort", List.of(FLOAT32, INT64), 0, List.of(FLOAT32), _ -> new UnsortKernel()));
    }
}
