package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// Sizes of an attention, and how its kernels are launched that walk over a side of it.
///
/// @param images `N`
/// @param tokens `T`
/// @param heads `H`
/// @param width of a head
/// @param products of which kind
record AttentionGrid(int images, int tokens, int heads, int width, AttentionProducts products) {
    /// Tokens of a strip, threads and warps of a block, as attention_tiles.cu has them.
    static final int STRIP = 16;

    private static final int THREADS = 128;
    private static final int WARPS = 4;

    /// Blocks that keep a large device busy: three for each of some hundred processors.
    private static final int ENOUGH_BLOCKS = 400;

    private static final int UNIT = 8;
    private static final int PADDED_UNIT = 16;
    private static final int WIDEST = 128;

    /// @param qkv shape `[N, T, 3 H width]`
    /// @throws IllegalArgumentException if the kernels have no code for this width
    static AttentionGrid of(long[] qkv, long heads, AttentionProducts products) {
        var width = Math.toIntExact(qkv[2] / 3 / heads);
        if (width % UNIT != 0 || width > WIDEST) {
            throw new IllegalArgumentException(
                    Text.format("heads of width %d: a multiple of %d up to %d is needed", width, UNIT, WIDEST));
        }
        return new AttentionGrid(
                Math.toIntExact(qkv[0]), Math.toIntExact(qkv[1]), Math.toIntExact(heads), width, products);
    }

    /// Tokens of two tensors that a block holds in shared memory at a time: all, if they fit, or chunks of equal length.
    int chunk() {
        var most = (SharedMemory.LEAST - keptBytes(2)) / (STRIP * bytesOfToken());
        var chunks = Math.ceilDiv(strips(), most);
        return Math.ceilDiv(strips(), chunks) * STRIP;
    }

    /// The kernel that walks over keys and values: the forward pass.
    Launch overKeys() {
        return launch(1, bytesOfRows());
    }

    /// The kernel that walks over keys and values, with two tensors of queries: their gradient.
    Launch overKeysWithGradients() {
        return launch(2, bytesOfRows());
    }

    /// The kernel that walks over queries: the gradient of keys and values.
    Launch overQueries() {
        return launch(2, bytesOfToken());
    }

    /// Numbers that belong to one head of one token each.
    long rowCount() {
        return (long) images * heads * tokens;
    }

    /// Tokens with those that fill the last strip.
    int paddedTokens() {
        return strips() * STRIP;
    }

    /// The width that is computed on, with zeros beyond a head's own.
    int paddedWidth() {
        return Math.ceilDiv(width, PADDED_UNIT) * PADDED_UNIT;
    }

    int strips() {
        return Math.ceilDiv(tokens, STRIP);
    }

    /// Whether a block for each head keeps a device busy.
    boolean hasManyHeads() {
        return (long) images * heads >= ENOUGH_BLOCKS;
    }

    /// Two rows of a head.
    private int bytesOfRows() {
        return 2 * paddedWidth() * products.bytes();
    }

    /// These and two numbers.
    private int bytesOfToken() {
        return bytesOfRows() + 2 * Float.BYTES;
    }

    /// Of the strips that warps keep.
    ///
    /// @param sides how many tensors they are of
    private int keptBytes(int sides) {
        return WARPS * sides * products.keptStrips(width) * STRIP * paddedWidth() * products.bytes();
    }

    /// Whether one block computes a whole head, so that what it walks over is read once, unless that does not fit or
    /// leaves processors without work.
    boolean isWhole() {
        return chunk() >= tokens && hasManyHeads();
    }

    /// Blocks of parts of a head are as many as let each warp compute its strips at once.
    private Launch launch(int sides, int bytesOfToken) {
        var parts = isWhole() ? 1 : Math.ceilDiv(strips(), WARPS * products.stripsOfWarp(width));
        return new Launch(parts, heads, images, THREADS, keptBytes(sides) + chunk() * bytesOfToken);
    }
}
