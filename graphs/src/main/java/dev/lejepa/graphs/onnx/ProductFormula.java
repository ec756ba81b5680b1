package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Leaf;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/// A product of bfloat16 matrices and a formula of its rows, which a graph holds as a function, for an engine to
/// compile. Where none does, product and formula are computed one after the other.
///
/// @param name of the operator whose nodes stand for it, in the domain `dev.lejepa`. Operands are two matrices, then
///     those of the rows but the first, which is the product; results those of the rows, then the product if it is
///     kept.
/// @param transB whether the second matrix is `[columns, depth]` and not `[depth, columns]`
/// @param rows its operands are as large as the product or one row `[columns]`
/// @param kept whether the product is a result
public record ProductFormula(String name, boolean transB, RowFormula rows, boolean kept) {
    /// What their names begin with.
    static final String NAME = "Product_";

    /// Elements that a device reads at once: rows of other lengths would not begin where it may.
    private static final int VECTOR = 8;

    /// Elements of the product from which on it pays: 64 tiles of 128 x 128, one for every other processor of a large
    /// device. Of fewer the library's product sums up parts with more processors.
    private static final long LEAST = 1 << 20;

    private static final int MATRICES = 2;

    /// Whether kernels compute a formula with a product on a device.
    ///
    /// @param depth length of the product's sums
    public static boolean onCuda(Shape product, long depth) {
        return depth % VECTOR == 0 && product.dim(1) % VECTOR == 0 && product.size() >= LEAST;
    }

    /// The formula as a function that has no name yet.
    ///
    /// @param writer of the graph, which gets the formula of rows as a function too
    static FunctionProto body(Graph formula, GraphWriter writer) {
        var names = new HashMap<Value, String>();
        var f = FunctionBody.of(formula, names);
        for (var n : formula.nodes()) {
            n.outputs().forEach(v -> names.putIfAbsent(v, f.unusedName(n.op().name())));
            var operands = n.inputs().stream().map(names::get).toList();
            var results = n.outputs().stream().map(names::get).toList();
            switch (n.op()) {
                case Leaf.Input _ -> {}
                case Product.Gemm g ->
                    f.define(
                            results,
                            g.name(),
                            operands,
                            attribute("transA", g.transA()),
                            attribute("transB", g.transB()));
                case Rewritten.Rows r ->
                    f.defineOurs(
                            results,
                            writer.function(RowFormulas.NAME, RowFormulas.body(r.formula())),
                            operands,
                            List.of());
                case Op other -> throw new IllegalArgumentException(Text.format("a product cannot hold %s", other));
            }
        }
        return f.build();
    }

    /// @param all the formulas of rows of the same model
    /// @throws IllegalArgumentException if the function is damaged
    static ProductFormula read(FunctionProto f, List<RowFormula> all) {
        if (f.getNodeCount() != 2 || !f.getNode(0).getOpType().equals("Gemm")) {
            throw new IllegalArgumentException(Text.format("a product and a formula are expected, found %s", shown(f)));
        }
        var rows = all.stream()
                .filter(r ->
                        r.name().equals(f.getNode(1).getOpType()) && r.inputs().size() == f.getInputCount() - 1)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Text.format(
                        "no formula of rows '%s' of %d operands", f.getNode(1).getOpType(), f.getInputCount() - 1)));
        var operands = f.getInputList();
        require(f.getNode(0), operands.subList(0, MATRICES));
        var product = f.getNode(0).getOutput(0);
        if (!f.getNode(1)
                        .getInputList()
                        .subList(1, rows.inputs().size())
                        .equals(operands.subList(MATRICES, operands.size()))
                || !f.getNode(1).getInput(0).equals(product)) {
            throw new IllegalArgumentException("the formula's operands are not the product and the function's own");
        }
        return new ProductFormula(
                f.getName(),
                f.getNode(0).getAttributeList().stream()
                        .anyMatch(a -> a.getName().equals("transB") && a.getI() == 1),
                rows,
                f.getOutputList().contains(product));
    }

    private static void require(NodeProto product, List<String> matrices) {
        if (!product.getInputList().equals(matrices)) {
            throw new IllegalArgumentException(
                    Text.format("a product of %s is expected, found %s", matrices, product.getInputList()));
        }
    }

    private static String shown(FunctionProto f) {
        return f.getNodeList().stream().map(NodeProto::getOpType).collect(Collectors.joining(", "));
    }
}
