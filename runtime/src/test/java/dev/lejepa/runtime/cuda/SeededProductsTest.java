package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.runtime.cudart.Nvrtc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kernels of products with random formulas, on emulated warps in random order. `-Dproducts.graphs=N` draws more, and
/// `-Drows.seed=N` others (`tools/interop/cuda_emulation/check.sh`); a failure names the number of its graph.
final class SeededProductsTest {
    private static final long SEED = Long.getLong("rows.seed", 1);
    private static final int GRAPHS = Integer.getInteger("products.graphs", 16);

    /// Orders of warps.
    private static final int RUNS = 2;

    /// The part of all results, at least, whose bounds say something.
    private static final double KNOWN = 0.98;

    private static List<RandomProducts> drawn() {
        var first = SEED * 1_000_000;
        return LongStream.range(first, first + GRAPHS)
                .mapToObj(RandomProducts::of)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void kernelsOfRandomFormulasStayInBoundsWhateverTheOrderOfWarps(@TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(Emulation.isThere(), "g++ and cuda_emulation are needed");
        var all = drawn();
        assertTrue(all.size() >= GRAPHS / 4, () -> "too few formulas: " + all.size());
        var emulation = new Emulation(folder);
        EmulatedProducts.addKernels(emulation);
        for (var i = 0; i < all.size(); i++) {
            EmulatedProducts.add(emulation, i, all.get(i).c(), RUNS);
        }
        var results = emulation.run();
        var known = 0L;
        var elements = 0L;
        for (var p : all) {
            var outcome = p.outcome(results);
            assertEquals(Optional.empty(), outcome.fault(), p.c().what());
            known += outcome.known();
            elements += outcome.elements();
        }
        assertEquals(0, results.remaining());
        assertTrue(known >= KNOWN * elements, "too little is known: %d of %d".formatted(known, elements));
    }

    @Test
    void kernelsOfRandomFormulasCompile() {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        for (var p : drawn().subList(0, 2)) {
            var source = ProductCode.source(p.c().formula(), p.c().shape(), p.c().isRow());
            assertDoesNotThrow(() -> ProductModules.compile(compiler.get(), source), p.c().what());
        }
    }
}
