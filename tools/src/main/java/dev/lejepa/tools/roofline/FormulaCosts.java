package dev.lejepa.tools.roofline;

import static dev.lejepa.tools.roofline.OperatorClass.OPTIMIZER;
import static dev.lejepa.tools.roofline.OperatorClass.PRODUCTS;

import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.runtime.cuda.KernelCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the kernels of the formulas do that a graph holds.
final class FormulaCosts {
    private final Map<String, RowFormula> rows;
    private final Map<String, ProductFormula> products;
    private final Map<String, UpdateFormula> updates;
    private final OperatorClass ofRows;
    private final String architecture;

    /// @param ofRows what formulas of rows are counted as
    /// @param architecture of the device, for instance `sm_90`
    FormulaCosts(DeviceFormulas all, OperatorClass ofRows, String architecture) {
        this.rows = byName(all.rows(), RowFormula::name);
        this.products = byName(all.products(), ProductFormula::name);
        this.updates = byName(all.updates(), UpdateFormula::name);
        this.ofRows = ofRows;
        this.architecture = architecture;
    }

    private static <F> Map<String, F> byName(List<F> all, Function<F, String> name) {
        return all.stream().collect(Collectors.toMap(name, Function.identity()));
    }

    /// Whether nodes of an operator of ours stand for a formula.
    boolean has(String name) {
        return rows.containsKey(name) || products.containsKey(name) || updates.containsKey(name);
    }

    /// @param operands shapes of what a node reads
    List<NodeCost> of(String name, List<long[]> operands) {
        var product = products.get(name);
        if (product != null) {
            return KernelCost.product(product, operands, architecture)
                    .map(c -> List.of(NodeCosts.of(PRODUCTS, c)))
                    .orElseGet(() -> inTwo(product, operands));
        }
        var formula = rows.get(name);
        return List.of(
                formula != null
                        ? NodeCosts.of(ofRows, KernelCost.rows(formula, operands))
                        : NodeCosts.of(
                                OPTIMIZER, KernelCost.updates(Objects.requireNonNull(updates.get(name)), operands)));
    }

    /// The product alone, which writes its result, and the formula that reads it.
    private List<NodeCost> inTwo(ProductFormula formula, List<long[]> operands) {
        var inside = new ArrayList<>(operands.subList(2, operands.size()));
        inside.addFirst(KernelCost.shape(formula, operands));
        return List.of(
                NodeCosts.of(PRODUCTS, KernelCost.productAlone(formula, operands)),
                NodeCosts.of(ofRows, KernelCost.rows(formula.rows(), inside)));
    }
}
