package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.runtime.cudart.CudaException;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be known of the kernels without a device. [AttentionNumbersTest] says whether they compute the
/// right numbers.
final class AttentionCodeTest {
    /// Shared memory that a block of any device since sm_80 may have: 99 KB on sm_86 (CUDA programming guide,
    /// compute capabilities).
    private static final int SHARED_BYTES = 99 << 10;

    /// Bytes, a little more than the 1,356 of heads of 72 on sm_80.
    private static final int MOST_SPILLED = 1400;

    @ParameterizedTest
    @CsvSource({
        "sm_80, BFLOAT16, 128",
        "sm_90, BFLOAT16, 64",
        "sm_100, BFLOAT16, 256",
        "sm_80, BFLOAT16, 72",
        "sm_90, BFLOAT16, 21",
        "sm_80, TF32, 64",
        "sm_90, TF32, 128",
        "sm_100, TF32, 15",
        "sm_80, FLOAT32, 80",
        "sm_90, FLOAT32, 192",
        "sm_100, FLOAT32, 32"
    })
    void sourceCompilesForEveryArchitectureAndWidth(String architecture, AttentionProducts products, int width) {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        var code = AttentionCode.compile(compiler.get(), architecture, products, width);
        MachineCode.require(code, architecture, MOST_SPILLED);
        assertFalse(MachineCode.spills(code, "attention_together"));
    }

    @Test
    void theCompilersMessagesAreTold() {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        var e = assertThrows(
                CudaException.class, () -> compiler.get().compile("__global__ void f() { g(); }", "f.cu", List.of()));
        assertTrue(e.getMessage().contains("f.cu(1): error: identifier \"g\" is undefined"), e.getMessage());
    }

    private static AttentionGrid grid(long images, long tokens, long heads, long width) {
        return AttentionGrid.of(new long[] {images, tokens, 3 * heads * width}, heads, AttentionProducts.BFLOAT16);
    }

    @Test
    void aBlockComputesAHeadThatFits() {
        var grid = grid(256, 257, 6, 64);
        assertEquals(272, grid.chunk());
        assertEquals(new Launch(1, 6, 256, 128, 272 * 2 * 64 * 2), grid.overKeys());
        assertEquals(new Launch(1, 6, 256, 128, 272 * (2 * 64 * 2 + 8)), grid.overQueries());
        assertEquals(256 * 6 * 257, grid.rowCount());
    }

    @Test
    void fourWarpsMultiplyTogetherWhereThereAreSuchProducts() {
        var small = grid(256, 257, 6, 64);
        for (var architecture : List.of("sm_80", "sm_89", "sm_100", "sm_120")) {
            assertEquals(
                    new AttentionForward.Parts("attention", small.overKeys(), 272),
                    AttentionForward.of(small, architecture));
        }
        assertEquals("attention_together", kernel(grid(8, 257, 6, 64)));
        assertEquals(5, AttentionForward.of(grid(8, 257, 6, 64), "sm_90").readings());
        assertEquals("attention_forward_together", kernel(grid(256, 272, 6, 64)));
        assertEquals("attention_together", kernel(grid(256, 273, 6, 64)), "one head at a time");
        assertEquals("attention", kernel(grid(256, 257, 16, 80)));
        var wide = grid(256, 100, 8, 128);
        assertEquals(
                new AttentionForward.Parts(
                        "attention_together", new Launch(1, 8, 256, 128, 112 * 2 * 128 * 2 + 1024), 2 * 64),
                AttentionForward.of(wide, "sm_90"));
        var floats = AttentionGrid.of(new long[] {256, 257, 3 * 6 * 64}, 6, AttentionProducts.TF32);
        assertEquals("attention", kernel(floats));
    }

    private static String kernel(AttentionGrid grid) {
        return switch (AttentionForward.of(grid, "sm_90")) {
            case AttentionForward.Ahead _ -> AttentionForward.Ahead.KERNEL;
            case AttentionForward.Parts p -> p.kernel();
        };
    }

    @Test
    void headsComeAheadInTheForwardPassWhereTheyFit() {
        var small = grid(256, 257, 6, 64);
        var ahead = new AttentionForward.Ahead(new AttentionRows(small), 2);
        assertEquals(ahead, AttentionForward.of(small, "sm_90"));
        assertEquals(new Launch(132, 1, 1, 512, 1024 + 2 * 3 * 272 * 128 + 96), ahead.launch(132));
        assertEquals(5 * 64, ahead.paddedQueries());
        var crops = grid(192, 50, 16, 64);
        assertEquals(new AttentionForward.Ahead(new AttentionRows(crops), 4), AttentionForward.of(crops, "sm_90"));
    }

    @Test
    void aHeadThatDoesNotFitIsReadInEqualChunks() {
        var grid = grid(256, 785, 6, 64);
        assertEquals(272, grid.chunk());
        assertEquals(new Launch(7, 6, 256, 128, 272 * 2 * 64 * 2), grid.overKeys());
    }

    @Test
    void fewHeadsAreSharedByMoreBlocks() {
        assertEquals(3, grid(8, 257, 6, 64).overKeys().gridX());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TF32", "FLOAT32"})
    void warpsKeepRowsOfFloatsInSharedMemoryBesideTheChunks(AttentionProducts products) {
        var grid = AttentionGrid.of(new long[] {256, 257, 3 * 6 * 64}, 6, products);
        var kept = 4 * 2 * 16 * 64 * 4; // four warps of two strips
        assertEquals(64, grid.chunk());
        assertEquals(new Launch(3, 6, 256, 128, kept + 64 * 2 * 64 * 4), grid.overKeys());
        assertEquals(new Launch(3, 6, 256, 128, 2 * kept + 64 * 2 * 64 * 4), grid.overKeysWithGradients());
        assertEquals(new Launch(3, 6, 256, 128, 2 * kept + 64 * (2 * 64 * 4 + 8)), grid.overQueries());
        assertEquals(Optional.empty(), AttentionHead.launch(grid, "sm_90"));
    }

    @ParameterizedTest
    @EnumSource
    void sharedMemoryIsThereForEveryWidthAndLength(AttentionProducts products) {
        for (var width = 1; width <= 256; width++) {
            for (var tokens : new int[] {1, 50, 257, 785, 4097}) {
                var grid = AttentionGrid.of(new long[] {1, tokens, 3L * width}, 1, products);
                assertEquals(0, grid.chunk() % 16);
                assertTrue(grid.chunk() > 0);
                assertTrue(grid.overQueries().sharedBytes() <= SHARED_BYTES);
                assertTrue(grid.overKeysWithGradients().sharedBytes() <= SHARED_BYTES);
                assertTrue(grid.overKeys().sharedBytes() <= SHARED_BYTES);
                var sums = 2 * grid.overKeys().threads() / 32 * grid.paddedWidth() * Float.BYTES;
                assertTrue(grid.overQueries().sharedBytes() >= sums, "of gradients of keys and values, for the bias");
            }
        }
    }

    @Test
    void warpsOfWideHeadsComputeAStripAndKeepItInSharedMemory() {
        var halves = grid(256, 257, 2, 192);
        var kept = 4 * 16 * 192 * 2; // four warps of a strip
        assertEquals(64, halves.chunk());
        assertEquals(new Launch(5, 2, 256, 128, kept + 64 * 2 * 192 * 2), halves.overKeys());
        assertEquals(new Launch(5, 2, 256, 128, 2 * kept + 64 * (2 * 192 * 2 + 8)), halves.overQueries());
        assertEquals(
                Optional.empty(), AttentionHead.launch(grid(500, 17, 1, 192), "sm_90"), "two gradients in registers");
        assertEquals("attention", kernel(halves));
        var floats = AttentionGrid.of(new long[] {256, 257, 3 * 2 * 192}, 2, AttentionProducts.TF32);
        assertEquals(64, floats.overKeys().threads(), "twice the bytes, half the warps");
        assertEquals(9, floats.overKeys().gridX());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 131_071, 10_000_019})
    void launchesShareOutMoreImagesThanAGridHas(int images) {
        var grid = grid(images, 17, 2, 64);
        var slices = grid.slices();
        assertEquals((images + 65_534) / 65_535, slices.size());
        var next = 0;
        for (var s : slices) {
            assertEquals(next, s.first());
            next += s.grid().images();
            assertTrue(s.grid().overKeys().gridZ() <= 65_535);
            assertEquals(grid.overKeys().gridX(), s.grid().overKeys().gridX());
            assertEquals(grid.isWhole(), s.grid().isWhole());
        }
        assertEquals(images, next);
    }

    @Test
    void imagesOfALaterLaunchAreReadAndWrittenWhereTheyLie() {
        var second = grid(65_537, 17, 2, 64).slices().get(1);
        assertEquals(32_768, second.first());
        var all = new AttentionGradKernel.Operands(1, 2, 3, 4, 5, 6, 7, 8);
        var image = 17L * 2 * 64 * 2;
        var numbers = 17L * 2 * 4;
        assertEquals(
                new AttentionGradKernel.Operands(
                        1 + 32_768 * image,
                        2 + 32_768 * 3 * image,
                        3,
                        4 + 32_768 * image,
                        5 + 32_768 * numbers,
                        6 + 32_768 * 3 * image,
                        7 + 32_768 * numbers,
                        8 + 32_768L * 100),
                all.of(second, 100));
    }

    @Test
    void widthsAreRoundedUpInSharedMemory() {
        assertEquals(grid(256, 257, 16, 80).overKeys(), grid(256, 257, 16, 72).overKeys());
        assertEquals(grid(256, 257, 4, 16).overKeys(), grid(256, 257, 4, 15).overKeys());
        assertEquals(
                AttentionHead.launch(grid(500, 50, 1, 80), "sm_90"),
                AttentionHead.launch(grid(500, 50, 1, 72), "sm_90"));
    }

    @Test
    void theBackwardPassIsOneKernelWhereAHeadFits() {
        var small = grid(1024, 257, 6, 64);
        var bytes = 272 * (4 * 64 * 2 + 32 * 2 + 8) + 2 * 64 * 4;
        assertEquals(Optional.of(new Launch(1, 6, 1024, 8 * 32, bytes)), AttentionHead.launch(small, "sm_90"));
        assertEquals(Optional.of(bytes), AttentionHead.launch(small, "sm_80").map(Launch::sharedBytes));
        assertEquals(Optional.empty(), AttentionHead.launch(small, "sm_89"), "99 KB of shared memory");
        var crops = grid(192, 50, 16, 64);
        assertEquals(Optional.of(2 * 32), AttentionHead.launch(crops, "sm_89").map(Launch::threads));
        var few = grid(8, 257, 6, 64);
        assertEquals(Optional.empty(), AttentionHead.launch(few, "sm_90"), "more blocks than heads are needed");
        var wide = grid(256, 257, 16, 80);
        assertEquals(Optional.empty(), AttentionHead.launch(wide, "sm_90"), "17 strips for 8 warps of 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 32, 64, 80, 96, 128})
    void theBackwardPassInOneKernelKeepsToTheSharedMemoryThatThereIs(int width) {
        for (var tokens = 1; tokens < 500; tokens++) {
            var grid = grid(500, tokens, 1, width);
            for (var architecture : List.of("sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120")) {
                var most = SharedMemory.of(architecture);
                AttentionHead.launch(grid, architecture)
                        .ifPresent(l -> assertTrue(l.sharedBytes() <= most && l.threads() <= 256, l.toString()));
            }
        }
    }

    @Test
    void theBackwardPassHasKernelsForTheShapeInTheOrderOfTheirOperations() {
        var small = grid(1024, 257, 6, 64);
        var rows = new AttentionRows(small);
        assertEquals(272, rows.count(), "three blocks of 64 and one of 80");
        assertEquals(136, rows.copied());
        var bytes = 1024 + 6 * 272 * 128 + 2 * 2 * 272 * 4 + 16 * 64 * 4 + 160;
        var together = new AttentionTogether(rows, 2, 1);
        var single = new AttentionBackward.WholeHead(
                AttentionHead.launch(small, "sm_90").orElseThrow());
        assertEquals(List.of(single, new AttentionBackward.Together(together)), AttentionBackward.all(small, "sm_90"));
        assertEquals(single, AttentionBackward.of(small, "sm_90"));
        assertEquals(new Launch(132, 1, 1, 384, bytes), together.launch(132));
        assertEquals(5, new AttentionBackward.Together(together).sums(small));
        var longer = grid(128, 390, 6, 64);
        assertTrue(AttentionBackward.of(longer, "sm_90") instanceof AttentionBackward.Together);
        var head = AttentionHead.launch(small, "sm_100").orElseThrow();
        assertEquals(new AttentionBackward.WholeHead(head), AttentionBackward.of(small, "sm_100"));
        assertEquals(new AttentionBackward.InTwo(), AttentionBackward.of(small, "sm_89"));
        var few = grid(8, 257, 6, 64);
        assertEquals(new AttentionBackward.InTwo(), AttentionBackward.of(few, "sm_90"));
        assertEquals(3, AttentionBackward.of(few, "sm_90").sums(few));
        var wide = grid(256, 100, 8, 128);
        assertEquals(
                AttentionHead.launch(wide, "sm_90").map(AttentionBackward.WholeHead::new),
                Optional.of(AttentionBackward.of(wide, "sm_90")));
        var floats = AttentionGrid.of(new long[] {256, 257, 3 * 6 * 64}, 6, AttentionProducts.TF32);
        assertEquals(new AttentionBackward.InTwo(), AttentionBackward.of(floats, "sm_90"));
    }

    @Test
    void moreHeadsComeAheadWhereTheyFit() {
        var crops = AttentionTogether.of(grid(192, 50, 16, 64), "sm_90").orElseThrow();
        assertEquals(List.of(64, 4, 4), List.of(crops.rows().count(), crops.queryStages(), crops.keyStages()));
        var views = AttentionTogether.of(grid(64, 197, 12, 64), "sm_90").orElseThrow();
        assertEquals(List.of(208, 2, 2), List.of(views.rows().count(), views.queryStages(), views.keyStages()));
        var longest = AttentionTogether.of(grid(64, 400, 12, 64), "sm_90").orElseThrow();
        assertEquals(List.of(400, 1, 1), List.of(longest.rows().count(), longest.queryStages(), longest.keyStages()));
        assertEquals(Optional.empty(), AttentionTogether.of(grid(64, 450, 12, 64), "sm_90"));
    }

    @Test
    void rowsInSharedMemoryHoldAllTokensAndAreCopiedInEqualParts() {
        for (var tokens = 1; tokens < 450; tokens++) {
            var count = tokens;
            AttentionTogether.of(grid(500, tokens, 1, 64), "sm_90").ifPresent(t -> {
                var rows = t.rows().count();
                var copied = t.rows().copied();
                assertTrue(rows >= count && rows % 16 == 0 && t.rows().paddedTokens() - rows < 64, t.toString());
                assertTrue(copied <= 256 && copied % 8 == 0 && rows % copied == 0, t.toString());
                assertTrue(t.launch(132).sharedBytes() <= SharedMemory.of("sm_90"), t.toString());
            });
        }
    }

    @Test
    void widthsWithoutCodeAreRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> grid(1, 50, 1, 257));
        assertEquals("heads of width 257: 256 at most are needed", e.getMessage());
    }
}
