package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known without a device of the kernels that are written for formulas of rows.
final class RowCodeTest {
    private static final List<RowCases.Case> CASES = RowCases.all();

    /// Bytes: the gradient of a LayerNorm of 1,024 numbers, of which a thread keeps 8 of each operand, has some.
    private static final int MOST_SPILLED = 96;

    @Test
    void kernelsComputeWhatTheInterpreterDoes(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var emulation = new Emulation(folder);
        emulation.addKernels(RowModules.prelude());
        for (var i = 0; i < CASES.size(); i++) {
            var c = CASES.get(i);
            EmulatedRows.add(emulation, i, c, RowCode.of(c.formula(), c.shape()), 2);
        }
        var results = emulation.run();
        for (var c : CASES) {
            assertEquals(Optional.empty(), RowOutcome.of(c, results).fault(), c.what());
        }
        assertEquals(0, results.remaining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_90", "sm_100"})
    void kernelsCompileForEveryArchitecture(String architecture) {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        for (var c : CASES) {
            var code = RowModules.compile(compiler.get(), architecture, RowModules.source(c.formula(), c.shape()));
            MachineCode.require(code, c.what(), MOST_SPILLED);
        }
    }

    @Test
    void threadsShareRowsOfALayerNorm() {
        assertEquals(new RowGrid(128, 4, 32, 3, 4, 4), grid("residual sum and norm of 384"));
        assertEquals(new RowGrid(128, 4, 128, 8, 1, 15), grid("residual sum and norm of 4096"));
        assertEquals(new RowGrid(128, 4, 8, 2, 16, 14), grid("gradient of norm and residual sum of 217 rows of 64"));
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
