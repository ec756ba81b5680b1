package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.DType;
import org.junit.jupiter.api.Test;

final class KernelCostTest {
    private static final long HEADS = 400; // one of each image
    private static final long TOKENS = 200;
    private static final long PADDED = 208; // 13 strips of 16
    private static final int WIDTH = 64;
    private static final double PRODUCT = 2.0 * HEADS * PADDED * PADDED * WIDTH;
    private static final long PART = 2 * HEADS * TOKENS * WIDTH;
    private static final long NUMBERS = 4 * HEADS * TOKENS;
    private static final long BIAS = 4L * 3 * WIDTH;
    private static final long[] QKV = {HEADS, TOKENS, 3 * WIDTH};

    private static KernelCost gradient(boolean biased, String architecture) {
        return KernelCost.attentionGradient(QKV, DType.BFLOAT16, 1, biased, architecture);
    }

    @Test
    void attentionsGradientReadsAllOnceWhereAHeadFits() {
        var expected = new KernelCost(5 * PRODUCT, 5 * PRODUCT / 2 / WIDTH, 5 * PART + NUMBERS, 3 * PART, 1);
        assertEquals(expected, gradient(false, "sm_100"));
        assertEquals(expected, gradient(false, "sm_80"));
    }

    /// 390 tokens are seven tiles of 64 on one side, and 25 strips on the other. Of shorter heads that is more than the
    /// kernel of single warps computes.
    @Test
    void fourWarpsTogetherReadAllOnceAndComputeScoresForEitherSide() {
        var longer = new long[] {HEADS, 390, 3 * WIDTH};
        var pairs = 448.0 * 400 / PADDED / PADDED;
        var plain = KernelCost.attentionGradient(longer, DType.BFLOAT16, 1, false, "sm_90");
        assertEquals(
                new KernelCost(
                        7 * PRODUCT * pairs,
                        10 * PRODUCT / 2 / WIDTH * pairs,
                        (5 * PART + NUMBERS) * 390 / TOKENS,
                        3 * PART * 390 / TOKENS,
                        1),
                plain);
        var biased = KernelCost.attentionGradient(longer, DType.BFLOAT16, 1, true, "sm_90");
        assertEquals(plain.written() + 7 * HEADS * BIAS + BIAS, biased.written());
    }

    @Test
    void otherwiseTwoKernelsComputeScoresTwice() {
        // The first leaves a number of each token for the second, which reads it and the logarithms.
        var expected =
                new KernelCost(7 * PRODUCT, 10 * PRODUCT / 2 / WIDTH, 9 * PART + 3 * NUMBERS, 3 * PART + NUMBERS, 2);
        assertEquals(expected, gradient(false, "sm_89"));
    }

    @Test
    void theGradientOfABiasIsSummedUpByBlocksAndThenByAnotherKernel() {
        var plain = gradient(false, "sm_80");
        var biased = gradient(true, "sm_80");
        assertEquals(plain.read() + BIAS + HEADS * BIAS, biased.read());
        assertEquals(plain.written() + HEADS * BIAS + BIAS, biased.written());
        assertEquals(2, biased.launches());
        assertEquals(3, gradient(true, "sm_89").launches());
    }

    @Test
    void aBiasIsReadByTheForwardPass() {
        assertEquals(
                KernelCost.attention(QKV, DType.BFLOAT16, 1, false, "sm_90").read() + BIAS,
                KernelCost.attention(QKV, DType.BFLOAT16, 1, true, "sm_90").read());
    }

    /// 200 tokens are four tiles of 64. Softmax is skipped where there are none.
    @Test
    void fourWarpsTogetherMultiplyWholeTilesOfQueries() {
        var together = KernelCost.attention(QKV, DType.BFLOAT16, 1, false, "sm_90");
        assertEquals(
                new KernelCost(2 * PRODUCT * 256 / PADDED, 5 * PRODUCT / 2 / WIDTH, 3 * PART, PART + NUMBERS, 1),
                together);
        assertEquals(
                2 * PRODUCT,
                KernelCost.attention(QKV, DType.BFLOAT16, 1, false, "sm_80").products());
    }

    /// Heads of 192: four warps of a strip each make four parts, and 64 rows lie in shared memory at a time. Scores are
    /// computed
    /// for queries, for values and for keys.
    @Test
    void wideHeadsWalkOverQueriesTwice() {
        var product = 3 * PRODUCT;
        var part = 3 * PART;
        assertEquals(
                new KernelCost(
                        8 * product,
                        15 * PRODUCT / 2 / WIDTH,
                        3 * part + 4 * 2 * part + NUMBERS + 2 * part + 2 * 4 * (2 * part + 2 * NUMBERS),
                        3 * part + NUMBERS,
                        2),
                KernelCost.attentionGradient(new long[] {HEADS, TOKENS, 3 * 192}, DType.BFLOAT16, 1, false, "sm_90"));
    }

    @Test
    void moreImagesThanAGridHasAreMoreLaunches() {
        var qkv = new long[] {70_000, 17, 3 * WIDTH};
        assertEquals(
                2, KernelCost.attention(qkv, DType.BFLOAT16, 1, true, "sm_90").launches());
        assertEquals(
                3,
                KernelCost.attentionGradient(qkv, DType.BFLOAT16, 1, true, "sm_90")
                        .launches(),
                "and one that adds up sums");
    }

    /// 13 strips are two parts of eight, since so many floats do not fit into a block.
    @Test
    void floatsAreReadOnceForEachPartOfTheTokensByTwoKernels() {
        var part = 2 * PART;
        assertEquals(
                new KernelCost(2 * PRODUCT, 5 * PRODUCT / 2 / WIDTH, part + 2 * 2 * part, part + NUMBERS, 1),
                KernelCost.attention(QKV, DType.FLOAT32, 1, false, "sm_90"));
        assertEquals(
                new KernelCost(
                        7 * PRODUCT,
                        10 * PRODUCT / 2 / WIDTH,
                        3 * part + 2 * 2 * part + NUMBERS + 2 * part + 2 * (2 * part + 2 * NUMBERS),
                        3 * part + NUMBERS,
                        2),
                KernelCost.attentionGradient(QKV, DType.FLOAT32, 1, false, "sm_90"));
    }
}
