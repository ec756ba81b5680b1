package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.ProductNodes;
import dev.lejepa.runtime.cuda.CudaOperators;
import dev.lejepa.runtime.cuda.Measurements;
import dev.lejepa.runtime.cudart.KernelKey;
import dev.lejepa.runtime.engine.DeviceMemoryException;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Use;
import dev.lejepa.runtime.kernel.Operator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides which of a graph's products with formulas the kernel of both computes, by trials on the device itself: those
/// that the library's product and the formula after it compute faster are left to these. What was measured is kept, so
/// that the next start has the same times and decides the same.
final class ProductTrials {
    private final CudaOperators kernels;
    private final Measurements measurements;
    private final Map<KernelKey, double[]> known = new HashMap<>();

    ProductTrials(CudaOperators kernels, Measurements measurements) {
        this.kernels = kernels;
        this.measurements = measurements;
    }

    /// The operators without the products that are faster apart.
    ///
    /// @param graph that has them, with a fixed batch
    /// @param operators with kernels for all of the graph's formulas
    List<Operator> chosen(
            OrtContext context, GraphSource graph, List<ProductFormula> products, List<Operator> operators)
            throws IOException {
        if (products.isEmpty()) {
            return operators;
        }
        var times = new ArrayList<ProductTimes>();
        try {
            for (var nodes : graph.products()) {
                var formula = products.stream()
                        .filter(f -> f.name().equals(nodes.product()))
                        .findFirst()
                        .orElseThrow();
                times.add(times(context, nodes, formula, operators));
            }
        } catch (EngineException | DeviceMemoryException e) { // the rule alone does too
            measurements.tell(Text.format(
                    "%s: products with formulas are not measured, and take the kernel of both: %s",
                    graph.name(), e.getMessage()));
            return operators;
        }
        var choice = new ProductChoice(times);
        measurements.tell(choice.describe(graph.name()));
        return without(operators, choice.apart());
    }

    private static List<Operator> without(List<Operator> operators, Set<String> names) {
        return operators.stream()
                .filter(o -> !names.contains(o.signature().name()))
                .toList();
    }

    private ProductTimes times(
            OrtContext context, ProductNodes nodes, ProductFormula formula, List<Operator> operators) {
        var operands = nodes.operands().stream().map(t -> t.shape().dims()).toList();
        var key = kernels.product(formula, operands);
        var millis = known.computeIfAbsent(key, k -> measurements.of(k, () -> measured(context, nodes, operators)));
        return new ProductTimes(
                nodes.product(),
                operands.get(0)[0],
                operands.get(1)[formula.transB() ? 0 : 1],
                operands.get(0)[1],
                nodes.count(),
                millis[0],
                millis[1]);
    }

    private static double[] measured(OrtContext context, ProductNodes nodes, List<Operator> operators) {
        var memory = context.remote().orElseThrow();
        try (var fused = alone(context, nodes, operators);
                var apart = alone(context, nodes, without(operators, Set.of(nodes.product())))) {
            return ProductTrial.millis(
                    nodes,
                    (name, dtype, shape) -> RemoteTensor.allocate(name, dtype, shape, memory),
                    List.of(fused, apart));
        }
    }

    /// A model of one node.
    private static Model alone(OrtContext context, ProductNodes nodes, List<Operator> operators) {
        return OrtModel.load(
                context.withoutProfile(),
                new GraphSource.OfBytes(nodes.product(), nodes.model()),
                Use.STEP,
                context.operators().map(o -> o.domain(operators)));
    }
}
