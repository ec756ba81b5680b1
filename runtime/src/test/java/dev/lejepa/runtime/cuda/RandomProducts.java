package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.RowFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.ProductFusion;
import dev.lejepa.graphs.passes.RowFusion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/// A product with its formula that follows from a number alone: matrices of random sizes in either order, and what
/// [RandomRows] computes of their product.
///
/// @param c the product and its formula
/// @param product what the formula reads of it, rounded
record RandomProducts(ProductCases.Case c, NdArray product) {
    /// Empty for a number whose graph has no such formula, as when it sums too much.
    static Optional<RandomProducts> of(long seed) {
        var random = new Random(seed);
        var rows = 1 + random.nextInt(300);
        var columns = 8 * (1 + random.nextInt(33));
        var depth = 8 * (1 + random.nextInt(25));
        var transB = random.nextBoolean();
        var drawn = RandomRows.behindProduct(random, rows, columns);
        // Of such numbers float32 has all sums, in whatever order they are added up.
        var scale = Math.scalb(0.125, -Math.getExponent(Math.sqrt(depth)));
        var a = drawn.input(DType.BFLOAT16, () -> (random.nextInt(17) - 8) / 8.0, rows, depth);
        var b = drawn.input(
                DType.BFLOAT16,
                () -> (random.nextInt(17) - 8) * scale,
                transB ? columns : depth,
                transB ? depth : columns);
        var y = drawn.graph()
                .apply(new Product.Gemm(false, transB, DType.BFLOAT16), a, b)
                .getFirst();
        if (random.nextInt(4) == 0) {
            drawn.graph().output("product", y);
        }
        var graph = drawn.from(y.cast(DType.FLOAT32));
        var fused = ProductFusion.apply(RowFusion.apply(graph.graph()), (_, _) -> true);
        return fused.nodes().stream()
                .filter(n -> n.op() instanceof Rewritten.ProductRows)
                .findFirst()
                .map(n -> of("product " + seed, fused, graph.fed(), n));
    }

    private static RandomProducts of(String what, Graph fused, Map<String, NdArray> fed, Node node) {
        var values = Interpreter.evaluate(fused, fed, node.inputs());
        var alone = new Graph("product");
        var operands = new LinkedHashMap<String, NdArray>();
        var inputs = new ArrayList<Value>();
        for (var v : node.inputs()) {
            var name = "x" + inputs.size();
            operands.put(
                    name,
                    RandomRows.Drawn.stored(values.get(inputs.size()), v.type().dtype()));
            inputs.add(alone.input(name, v.type()));
        }
        alone.apply(node.op(), inputs).forEach(r -> alone.output("y" + r.index(), r));
        var model = Lowering.lower(alone, Target.CUDA, Map.of()).proto();
        var formula = DeviceFormulas.in(what, model).products().getFirst();
        var gemm = new Graph("gemm");
        var y = gemm.apply(
                        new Product.Gemm(false, formula.transB(), DType.FLOAT32),
                        gemm.input("x0", inputs.get(0).type()),
                        gemm.input("x1", inputs.get(1).type()))
                .getFirst();
        var product = Interpreter.evaluate(gemm, Map.of("x0", operands.get("x0"), "x1", operands.get("x1")), List.of(y))
                .getFirst();
        return new RandomProducts(
                new ProductCases.Case(what, alone, formula, operands),
                RandomRows.Drawn.stored(product, DType.BFLOAT16));
    }

    /// Reads the results and flags of its kernel.
    RowOutcome outcome(ByteBuffer results) {
        var rows = c.formula().rows();
        var formula = c.op().formula().nodes().stream()
                .filter(n -> n.op() instanceof Rewritten.Rows)
                .map(n -> ((Rewritten.Rows) n.op()).formula())
                .findFirst()
                .orElseThrow();
        var fed = new LinkedHashMap<String, NdArray>();
        for (var name : formula.inputs().keySet()) {
            fed.put(name, fed.isEmpty() ? product : operand(fed.size() + 1));
        }
        var bounds = new ArrayList<>(RowBounds.of(rows, List.copyOf(fed.values())));
        var exact = new ArrayList<>(Interpreter.evaluate(formula, fed).values());
        var types = new ArrayList<>(
                rows.results().stream().map(RowFormula.Result::type).toList());
        if (c.formula().kept()) {
            bounds.add(Bounds.exactly(product.data()));
            exact.add(product);
            types.add(DType.BFLOAT16);
        }
        return RowOutcome.of(types, bounds, exact, results);
    }

    private NdArray operand(int number) {
        return Objects.requireNonNull(c.operands().get("x" + number));
    }
}
