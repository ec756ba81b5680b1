package dev.lejepa.runtime.cuda;

import java.util.List;
import java.util.stream.Stream;

/// What attention's kernels multiply, and the elements that they do it on.
enum AttentionProducts {
    /// Of bfloat16 in memory, by tensor cores.
    BFLOAT16(Short.BYTES, "attention_bf16.cu"),
    /// Of float32 in memory, rounded, by tensor cores.
    TF32(Float.BYTES, "attention_tf32.cu", "attention_float.cu"),
    /// Of float32 as it is, without tensor cores.
    FLOAT32(Float.BYTES, "attention_fp32.cu", "attention_float.cu");

    private static final List<String> SAME = List.of("attention_tiles.cu", "attention_registers.cu");
    private static final List<String> PASSES =
            List.of("attention_forward.cu", "attention_queries.cu", "attention_keys.cu");

    private static final int WIDEST_IN_REGISTERS = 128;

    private final int bytes;
    private final List<String> elements;

    /// @param bytes of an element
    /// @param elements source that says what they are
    AttentionProducts(int bytes, String... elements) {
        this.bytes = bytes;
        this.elements = List.of(elements);
    }

    /// Parts of one source, each of which needs those before.
    ///
    /// @param width of a head
    List<String> sources(int width) {
        var products = switch (this) {
            case BFLOAT16 ->
                List.of(
                        isWide(width) ? "attention_kept_strips.cu" : "attention_bf16_strips.cu",
                        "attention_products.cu");
            case TF32 ->
                List.of("attention_kept_strips.cu", "attention_float_results.cu", "attention_tf32_products.cu");
            case FLOAT32 ->
                List.of("attention_kept_strips.cu", "attention_float_results.cu", "attention_fp32_products.cu");
        };
        var ofHeads = hasWholeHeads(width) ? List.of("attention_head.cu") : List.<String>of();
        return Stream.of(
                        List.of("instructions.cu"),
                        elements,
                        SAME,
                        products,
                        PASSES,
                        ofHeads,
                        List.of("attention_sums.cu"))
                .flatMap(List::stream)
                .toList();
    }

    /// Bytes of an element of queries, keys, values and contexts.
    int bytes() {
        return bytes;
    }

    /// Whether a warp's registers hold the sums of one strip of such heads alone, as attention_tiles.cu has it.
    static boolean isWide(int width) {
        return width > WIDEST_IN_REGISTERS;
    }

    /// Whether there is a kernel for the backward pass of a whole head.
    boolean hasWholeHeads(int width) {
        return this == BFLOAT16 && !isWide(width);
    }

    /// Warps of a block that walks over a side: as many as shared memory has room for their strips.
    int warps(int width) {
        return bytes == Float.BYTES && isWide(width) ? 2 : 4;
    }

    /// Strips of tokens that a warp computes at a time.
    int stripsOfWarp(int width) {
        return width <= 64 || this == BFLOAT16 && !isWide(width) ? 2 : 1;
    }

    /// Strips of a tensor that a warp keeps in shared memory: those it computes, if they are not in registers.
    int keptStrips(int width) {
        return this == BFLOAT16 && !isWide(width) ? 0 : stripsOfWarp(width);
    }
}
