package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
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

    private static final List<ProductCases.Case> CASES = List.of(
            ProductCases.gelu(128, 128, 64, false),
            ProductCases.gelu(300, 264, 72, true), // tails of rows, columns and sums
            ProductCases.gelu(640, 256, 200, false), // tiles for both groups, more pieces than places
            ProductCases.gelu(40, 8, 8, true),
            ProductCases.geluGradient(128, 128, 64),
            ProductCases.geluGradient(300, 328, 136),
            ProductCases.geluGradient(520, 136, 520));

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

    private static void add(Emulation emulation, int number, ProductCases.Case c) {
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
        MachineCode.require(code, c.what(), 0);
    }

    @Test
    void aBlockKeepsToTheSharedMemoryThatThereIs() {
        var launch = new ProductShape(1 << 20, 1536, 384).launch(132);
        assertEquals(132, launch.gridX());
        assertTrue(launch.sharedBytes() <= SharedMemory.of("sm_90"), launch.toString());
        assertEquals(2, new ProductShape(100, 256, 64).launch(132).gridX(), "a tile for each");
    }
}
