package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Reduction;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.passes.RowFusion;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kernels of random formulas, on emulated warps in random order. `-Drows.graphs=N` draws more graphs, `-Drows.seed=N`
/// other ones (`tools/interop/cuda_emulation/check.sh`); a failure names the number of its graph.
final class SeededRowsTest {
    private static final long SEED = Long.getLong("rows.seed", 1);
    private static final int GRAPHS = Integer.getInteger("rows.graphs", 120);

    /// Graphs whose kernels are one program.
    private static final int TOGETHER = 30;

    /// Graphs of which NVRTC, which needs some tenths of a second for a kernel, sees one.
    private static final int COMPILED = 10;

    /// Orders of warps.
    private static final int RUNS = 2;

    /// The part of all results, at least, whose bounds say something.
    private static final double KNOWN = 0.98;

    /// What was compared.
    private record Count(long graphs, long formulas, long known, long elements) {
        Count plus(Count other) {
            return new Count(
                    graphs + other.graphs, formulas + other.formulas, known + other.known, elements + other.elements);
        }
    }

    @Test
    void kernelsOfRandomFormulasStayInBoundsWhateverTheOrderOfWarps(@TempDir Path folder) {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var count = IntStream.range(0, Math.ceilDiv(GRAPHS, TOGETHER))
                .parallel()
                .mapToObj(i -> {
                    var first = SEED * 1_000_000 + (long) i * TOGETHER;
                    var last = Math.min(first + TOGETHER, SEED * 1_000_000 + GRAPHS);
                    return run(folder.resolve("program" + i), first, last);
                })
                .reduce(new Count(0, 0, 0, 0), Count::plus);
        System.out.println(count);
        assertTrue(count.formulas() >= count.graphs() / 2, () -> "too few formulas: " + count);
        assertTrue(count.known() >= KNOWN * count.elements(), () -> "too little is known: " + count);
    }

    private static Count run(Path folder, long first, long last) {
        try {
            var cases = LongStream.range(first, last)
                    .boxed()
                    .flatMap(seed -> RandomRows.of(seed).formulas("graph " + seed).stream())
                    .toList();
            var emulation = new Emulation(Files.createDirectory(folder));
            emulation.addKernels(RowModules.prelude());
            for (var i = 0; i < cases.size(); i++) {
                var c = cases.get(i);
                EmulatedRows.add(emulation, i, c, RowCode.of(c.formula(), c.shape()), RUNS);
            }
            var results = emulation.run();
            var count = new Count(last - first, cases.size(), 0, 0);
            for (var c : cases) {
                var outcome = RowOutcome.of(c, results);
                assertEquals(Optional.empty(), outcome.fault(), c.what());
                count = count.plus(new Count(0, 0, outcome.known(), outcome.elements()));
            }
            assertEquals(0, results.remaining());
            return count;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One graph in [#COMPILED] for each architecture in turn.
    @Test
    void kernelsOfRandomFormulasCompile() {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        var architectures = List.of("sm_80", "sm_90", "sm_100");
        for (var i = 0; i < GRAPHS; i += COMPILED) {
            var seed = SEED * 1_000_000 + i;
            for (var c : RandomRows.of(seed).formulas("graph " + seed)) {
                var source = RowModules.source(c.formula(), c.shape());
                var architecture = architectures.get(i / COMPILED % architectures.size());
                assertTrue(
                        RowModules.compile(compiler.get(), architecture, source).bytes().length > 0, c.what());
            }
        }
    }

    /// A graph in formulas is the graph that it was, but for what lies on the edge between two numbers of bfloat16.
    @Test
    void formulasOfRandomGraphsAreTheGraphs() {
        for (var seed = SEED * 1_000_000; seed < SEED * 1_000_000 + GRAPHS; seed++) {
            var drawn = RandomRows.of(seed);
            var fused = RowFusion.apply(drawn.graph());
            for (var n : fused.nodes()) {
                if (n.op() instanceof Rewritten.Rows rows) {
                    assertCanBeWritten("graph " + seed, rows.formula());
                }
            }
            var expected = Interpreter.evaluate(drawn.graph(), drawn.fed());
            var found = Interpreter.evaluate(fused, drawn.fed());
            for (var name : expected.keySet()) {
                var apart = apart(expected.get(name), found.get(name));
                assertTrue(apart < 1e-3, "graph %d, %s: %s of its numbers differ".formatted(seed, name, apart));
            }
        }
    }

    /// A kernel keeps rows for one norm, and [RowSums] takes so many sums.
    private static void assertCanBeWritten(String what, Graph formula) {
        var norms = formula.nodes().stream().filter(n -> n.op() instanceof Norm).count();
        var gradients = formula.nodes().stream()
                .filter(n -> n.op() instanceof Norm.LayerNormGrad)
                .count();
        var sums = formula.nodes().stream()
                .filter(n -> n.op() instanceof Reduction.ReduceSum)
                .count();
        assertTrue(norms <= 1, what + ": " + norms + " norms in a formula");
        assertTrue(sums + 2 * gradients <= RowSums.MOST, what + ": " + (sums + 2 * gradients) + " sums in a formula");
    }

    /// The part of all numbers that are not almost the same.
    private static double apart(NdArray a, NdArray b) {
        assertEquals(a.shape(), b.shape());
        var different = IntStream.range(0, a.size())
                .filter(i -> !(Math.abs(a.get(i) - b.get(i)) <= 1e-9 * (1 + Math.abs(a.get(i)))))
                .count();
        return (double) different / a.size();
    }

    /// A barrier that is left out.
    private record Race(String what, RowCases.Case c, String kernels) {}

    /// The emulation finds what the kernels would suffer from if they lacked any of their barriers.
    @Test
    void aMissingBarrierIsFound(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var races = races();
        var emulation = new Emulation(folder);
        emulation.addKernels(RowModules.prelude());
        for (var i = 0; i < races.size(); i++) {
            EmulatedRows.add(emulation, i, races.get(i).c(), races.get(i).kernels(), 4);
        }
        var results = emulation.run();
        for (var race : races) {
            assertTrue(RowOutcome.of(race.c(), results).fault().isPresent(), race.what());
        }
    }

    /// Each barrier of what is written for one row of several warps, and for sums of several groups over rows.
    private static List<Race> races() {
        var races = new ArrayList<Race>();
        var norm = RowCases.residual(3, 5, 1028);
        var sums = RowCases.residualGradient(7, 31, 64);
        var shared = CudaSource.read("rows.cu");
        for (var i = 0; i < count(shared); i++) {
            var c = i < 2 ? norm : sums;
            races.add(new Race(
                    "barrier %d of rows.cu".formatted(i), c, without(shared, i) + RowCode.of(c.formula(), c.shape())));
        }
        var code = RowCode.of(sums.formula(), sums.shape());
        for (var i = 0; i < count(code) - 1; i++) { // after the last one nobody writes any more
            races.add(new Race("barrier %d of what is written".formatted(i), sums, without(code, i)));
        }
        return races;
    }

    private static final String BARRIER = "__syncthreads();";

    private static int count(String code) {
        return code.split(Pattern.quote(BARRIER), -1).length - 1;
    }

    private static String without(String code, int barrier) {
        var at = -1;
        for (var i = 0; i <= barrier; i++) {
            at = code.indexOf(BARRIER, at + 1);
        }
        return code.substring(0, at) + code.substring(at + BARRIER.length());
    }
}
