package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.ProductFormula;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.passes.ProductFusion;
import dev.lejepa.graphs.passes.RowFusion;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known without a device of the kernels of products with formulas.
final class ProductCodeTest {
    /// Results next to each other are 2^-7 apart. The product is rounded before the formula reads it, to a neighbor of
    /// what double precision gives where sums in float32 say so; GELU and its gradient have slopes up to 1.13.
    private static final double ROUNDED = 2.5 / 128;

    /// Of a sum over up to 300 rows of such numbers.
    private static final double SUMMED = 1.0 / 128;

    /// @param graph of one product and its formula
    private record Case(String what, Graph graph, ProductFormula formula, Map<String, NdArray> operands) {
        Rewritten.ProductRows op() {
            return (Rewritten.ProductRows) node().op();
        }

        Node node() {
            return graph.nodes().stream()
                    .filter(n -> n.op() instanceof Rewritten.ProductRows)
                    .findFirst()
                    .orElseThrow();
        }

        List<Value> inputs() {
            return node().inputs();
        }

        ProductShape shape() {
            return ProductShape.of(dims(0), dims(1), formula.transB());
        }

        long[] dims(int input) {
            return inputs().get(input).shape().dims();
        }

        List<Boolean> isRow() {
            return inputs().subList(1, inputs().size()).stream()
                    .map(v -> v.shape().rank() == 1)
                    .toList();
        }
    }

    private static final List<Case> CASES = List.of(
            gelu(128, 128, 64, false),
            gelu(300, 264, 72, true), // tails of rows, columns and sums
            gelu(640, 256, 200, false), // tiles for both groups, more pieces than places
            gelu(40, 8, 8, true),
            geluGradient(128, 128, 64),
            geluGradient(300, 328, 136),
            geluGradient(520, 136, 520));

    /// With a bias, as a ViT's first product of a perceptron.
    private static Case gelu(long rows, long columns, long depth, boolean kept) {
        var b = new Builder("gelu of %d x %d x %d".formatted(rows, columns, depth));
        var product = b.graph
                .apply(
                        new Product.Gemm(false, true, DType.BFLOAT16),
                        b.half(1, rows, depth),
                        b.half(2 / Math.sqrt(depth), columns, depth),
                        b.graph.input("bias", Type.f32(columns)))
                .getFirst();
        b.feed("bias", 1, columns);
        b.graph.output("y", b.graph.apply(new Activation.Gelu(), product).getFirst());
        if (kept) {
            b.graph.output(
                    "dx",
                    b.graph
                            .apply(new Activation.GeluGrad(), b.half(1, rows, columns), product)
                            .getFirst());
        }
        return b.build();
    }

    /// Of a product that is a gradient, with the sum that is the bias's.
    private static Case geluGradient(long rows, long columns, long depth) {
        var b = new Builder("gradient of gelu of %d x %d x %d".formatted(rows, columns, depth));
        var x = b.half(1, rows, columns);
        var dy = b.graph
                .apply(
                        new Product.Gemm(false, false, DType.BFLOAT16),
                        b.half(1, rows, depth),
                        b.half(1 / Math.sqrt(depth), depth, columns))
                .getFirst();
        var dx = b.graph.apply(new Activation.GeluGrad(), dy, x).getFirst();
        b.graph.output("dx", dx);
        var ones = b.graph.constant(Tensor.filled(Shape.of(1, rows), 1)).cast(DType.BFLOAT16);
        b.graph.output("sum", ones.gemm(dx, false, false, DType.FLOAT32));
        return b.build();
    }

    private static final class Builder {
        private final String what;
        private final Graph graph = new Graph("g");
        private final Map<String, NdArray> operands = new LinkedHashMap<>();
        private final Random random = new Random(7);

        Builder(String what) {
            this.what = what;
        }

        Value half(double deviation, long... dims) {
            var label = "x" + operands.size();
            feed(label, deviation, dims);
            return graph.input(label, new Type(DType.BFLOAT16, Shape.of(dims)));
        }

        void feed(String label, double deviation, long... dims) {
            var shape = Shape.of(dims);
            operands.put(
                    label,
                    NdArray.of(
                            shape,
                            random.doubles(shape.size(), -deviation, deviation)
                                    .map(x -> BFloat16.round((float) x))
                                    .toArray()));
        }

        Case build() {
            var fused = ProductFusion.apply(RowFusion.apply(graph), (_, _) -> true);
            var model = Lowering.lower(fused, Target.CUDA, Map.of()).proto();
            return new Case(
                    what, fused, DeviceFormulas.in(what, model).products().getFirst(), operands);
        }
    }

    @Test
    void kernelsComputeWhatTheInterpreterDoes(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var emulation = new Emulation(folder);
        emulation.addKernels("#include \"warpgroups.h\"\n" + ProductCode.prelude());
        for (var i = 0; i < CASES.size(); i++) {
            add(emulation, i, CASES.get(i));
        }
        var results = emulation.run();
        for (var c : CASES) {
            var node = c.node();
            var expected = Interpreter.evaluate(c.graph(), c.operands(), node.outputs());
            for (var i = 0; i < node.outputs().size(); i++) {
                var v = node.outputs().get(i);
                compare(c.what() + ", result " + i, expected.get(i), v.type().dtype(), results);
            }
            assertEquals(0, results.getInt(), c.what() + ": runs differ (1), or something is written elsewhere (2)");
        }
    }

    private static void add(Emulation emulation, int number, Case c) {
        var shape = c.shape();
        var rows = c.formula().rows();
        var values = Interpreter.evaluate(c.graph(), c.operands(), c.inputs());
        var sums = RowSteps.sums(rows);
        var parts = Math.max(1, shape.tilesDown() * sums.size() * shape.columns());
        var code = new StringBuilder("static Arguments arguments;\nstatic void call() { product(arguments); }\n");
        var run = new StringBuilder();
        var ofSums = new String[] {"nullptr", "nullptr", "nullptr", "nullptr"};
        for (var i = 0; i < c.inputs().size(); i++) {
            var v = c.inputs().get(i);
            emulation.feed(v.type().dtype(), values.get(i));
            run.append("auto x%d = take(%d);\n"
                    .formatted(i, v.shape().size() * v.type().dtype().bytes()));
        }
        run.append("for (int i = 0; i < 3; i++) {\nagain();\nturns.seed(%d + i);\n".formatted(number * 3));
        var bRows = c.formula().transB() ? ProductShape.TILE : ProductShape.PIECE;
        run.append(
                "arguments.a = {{(unsigned long long)x0, %d, %d, 64, 128}};\n".formatted(c.dims(0)[1], c.dims(0)[0]));
        run.append("arguments.b = {{(unsigned long long)x1, %d, %d, 64, %d}};\n"
                .formatted(c.dims(1)[1], c.dims(1)[0], bRows));
        for (var i = 1; i < rows.inputs().size(); i++) {
            run.append("arguments.x%d = (%s *)x%d;\n"
                    .formatted(i, RowExpressions.type(rows.inputs().get(i)), i + 1));
        }
        var given = new StringBuilder();
        for (var i = 0; i < c.node().outputs().size(); i++) {
            var v = c.node().outputs().get(i);
            var bytes = v.shape().size() * v.type().dtype().bytes();
            var type = RowExpressions.type(v.type().dtype());
            run.append("auto y%d = (%s *)fresh(%d);\n".formatted(i, type, bytes));
            given.append("result(y%d, %d);\n".formatted(i, bytes));
            var sum = i < rows.results().size()
                    ? sums.indexOf(rows.results().get(i).register())
                    : -1;
            if (sum >= 0) {
                ofSums[sum] = "y" + i;
            } else {
                run.append("arguments.%s = y%d;\n".formatted(i < rows.results().size() ? "y" + i : "kept", i));
            }
        }
        run.append("arguments.parts = (float *)fresh(%d);\n".formatted(parts * Float.BYTES));
        var launch = shape.launch(2);
        run.append("launch({%d, 1, 1}, %d, %d, call);\n"
                .formatted(launch.gridX(), launch.threads(), launch.sharedBytes() / 2));
        if (!sums.isEmpty()) {
            run.append("launch({%d, 1, 1}, 1024, 0, [&] { add_parts(arguments.parts, %d, %d, %d, %s); });\n"
                    .formatted(
                            RowSums.launch(Math.toIntExact(sums.size() * shape.columns()))
                                    .gridX(),
                            shape.tilesDown(),
                            sums.size(),
                            shape.columns(),
                            String.join(", ", ofSums)));
        }
        run.append(given).append("}\nfinish();\n");
        var kernel = Emulation.asHost(ProductCode.ofFormula(c.formula(), shape, c.isRow()))
                .replace(
                        "extern __shared__ unsigned char shared[];",
                        "unsigned char *shared = (unsigned char *)sharedMemory.data();");
        emulation.add(
                "namespace case%d {\n%s%sstatic void run() {\n%s}\n}\n".formatted(number, kernel, code, run),
                "case%d::run();\n".formatted(number));
    }

    private static void compare(String what, NdArray expected, DType type, ByteBuffer results) {
        var largest = 0.0;
        for (var x : expected.data()) {
            largest = Math.max(largest, Math.abs(x));
        }
        for (var i = 0; i < expected.size(); i++) {
            var x = expected.data()[i];
            if (type == DType.BFLOAT16) {
                var found = BFloat16.value(results.getShort());
                assertEquals(x, found, Math.abs(x) * ROUNDED + largest / 1000, what + " at " + i);
            } else {
                assertEquals(x, results.getFloat(), largest * SUMMED, what + " at " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void sourceCompiles(int number) {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        var c = CASES.get(number);
        var code = ProductModules.compile(compiler.get(), ProductCode.source(c.formula(), c.shape(), c.isRow()));
        assertEquals("\u007fELF", new String(code, 0, 4, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aBlockKeepsToTheSharedMemoryThatThereIs() {
        var launch = new ProductShape(1 << 20, 1536, 384).launch(132);
        assertEquals(132, launch.gridX());
        assertTrue(launch.sharedBytes() <= SharedMemory.of("sm_90"), launch.toString());
        assertEquals(1, new ProductShape(100, 256, 64).launch(132).gridX(), "two tiles");
    }
}
