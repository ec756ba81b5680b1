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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known without a device of the kernels that are written for formulas of rows.
final class RowCodeTest {
    /// Relative to the largest element: a row's sums of up to 4096 roundings of float32, and GELU good to 1e-6.
    private static final double TOLERANCE = 5e-6;

    /// Numbers next to the exact result are up to 2^-7 of it apart.
    private static final double ROUNDED_TOLERANCE = 1.0 / 128;

    private static final List<RowCases.Case> CASES = RowCases.all();

    @Test
    void kernelsComputeWhatTheInterpreterDoes(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var emulation = new Emulation(folder);
        var operands = ByteBuffer.allocate(1 << 24).order(ByteOrder.LITTLE_ENDIAN);
        for (var i = 0; i < CASES.size(); i++) {
            var c = CASES.get(i);
            emulation.add(i, c);
            for (var v : c.rows().inputs()) {
                Emulation.put(operands, v.type().dtype(), operand(c, v));
            }
        }
        var results = emulation.run(operands);
        for (var c : CASES) {
            var expected =
                    List.copyOf(Interpreter.evaluate(c.fused(), c.operands()).values());
            var rows = c.rows();
            assertEquals(rows.outputs().size(), c.formula().results().size(), c.what());
            for (var i = 0; i < rows.outputs().size(); i++) {
                var output = List.copyOf(c.fused().outputs().values())
                        .indexOf(rows.outputs().get(i));
                assertTrue(output >= 0, c.what());
                compare(
                        c.what() + ", result " + i,
                        expected.get(output),
                        c.formula().results().get(i).type(),
                        results);
            }
        }
        assertEquals(0, results.remaining());
    }

    private static NdArray operand(RowCases.Case c, dev.lejepa.graphs.ir.Value v) {
        return c.fused().inputs().entrySet().stream()
                .filter(e -> e.getValue().equals(v))
                .map(e -> c.operands().get(e.getKey()))
                .findFirst()
                .orElseThrow();
    }

    private static void compare(String what, NdArray expected, DType type, ByteBuffer results) {
        var largest = Arrays.stream(expected.data()).map(Math::abs).max().orElse(0);
        for (var i = 0; i < expected.size(); i++) {
            var found = type == DType.BFLOAT16 ? BFloat16.value(results.getShort()) : results.getFloat();
            var error = Math.abs(found - expected.get(i));
            var bound = type == DType.BFLOAT16
                    ? ROUNDED_TOLERANCE * Math.abs(expected.get(i)) + TOLERANCE * largest
                    : TOLERANCE * largest;
            var at = i;
            assertTrue(
                    error <= bound,
                    () -> "%s: [%d] is %s, expected %s, largest %s"
                            .formatted(what, at, found, expected.get(at), largest));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_90", "sm_100"})
    void kernelsCompileForEveryArchitecture(String architecture) {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        for (var c : CASES) {
            var code = RowModules.compile(compiler.get(), architecture, RowModules.source(c.formula(), c.shape()));
            assertEquals("\u007fELF", new String(code, 0, 4, StandardCharsets.ISO_8859_1), c.what());
        }
    }

    @Test
    void threadsShareRowsOfALayerNorm() {
        assertEquals(new RowGrid(128, 4, 32, 3, 4, 4), grid("residual sum and norm of 384"));
        assertEquals(new RowGrid(128, 4, 128, 8, 1, 15), grid("residual sum and norm of 4096"));
        assertEquals(new RowGrid(128, 4, 8, 2, 64, 4), grid("gradient of norm and residual sum of 217 rows of 64"));
    }

    private static RowGrid grid(String what) {
        var found =
                CASES.stream().filter(c -> c.what().equals(what)).findFirst().orElseThrow();
        return RowGrid.of(found.formula(), found.shape());
    }

    @Test
    void operandsRowsFollowFromTheAxesThatTheyHave() {
        var shape = RowShape.of(List.of(
                new long[] {8, 3, 5, 16}, new long[] {3, 1, 16}, new long[] {8, 1, 1, 1}, new long[] {8, 1, 5, 16}));
        assertEquals("row", shape.ownRow(0));
        assertEquals("(row / 5u) % 3u", shape.ownRow(1));
        assertEquals("row / 15u", shape.ownRow(2));
        assertEquals("(row) % 5u + (row / 15u) * 5u", shape.ownRow(3));
    }
}
