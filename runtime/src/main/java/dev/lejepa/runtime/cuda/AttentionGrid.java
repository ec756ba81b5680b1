package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// Sizes of an attention, and how its kernels are launched that walk over a side of it.
///
/// @param images `N`
/// @param tokens `T`
/// @param heads `H`
/// @param width of a head
record AttentionGrid(int images, int tokens, int heads, int width) {
    /// Tokens of a strip, threads and warps of a block, as attention_tiles.cu has them.
    static final int STRIP = 16;

    private static final int THREADS = 128;
    private static final int WARPS = 4;

    /// Strips that a warp computes at a time.
    private static final int STRIPS_OF_WARP = 2;

    /// Blocks that keep a large device busy: three for each of some hundred processors.
    private static final int ENOUGH_BLOCKS = 400;

    static final int BYTES = 2; // of a bfloat16
    private static final int UNIT = 16;
    private static final int WIDEST = 128;

    /// @param qkv shape `[N, T, 3 H width]`
    /// @throws IllegalArgumentException if the kernels have no code for this width
    static AttentionGrid of(long[] qkv, long heads) {
        var width = Math.toIntExact(qkv[2] / 3 / heads);
        if (width % UNIT != 0 || width > WIDEST) {
            throw new IllegalArgumentException(
                    Text.format("heads of width %d: a multiple of %d up to %d is needed", width, UNIT, WIDEST));
        }
        return new AttentionGrid(Math.toIntExact(qkv[0]), Math.toIntExact(qkv[1]), Math.toIntExact(heads), width);
    }

    /// Tokens of two tensors that a block holds in shared memory at a time: all, if they fit, or chunks of equal length.
    int chunk() {
        var most = SharedMemory.LEAST / (STRIP * bytesOfToken());
        var chunks = Math.ceilDiv(strips(), most);
        return Math.ceilDiv(strips(), chunks) * STRIP;
    }

    /// The kernels that walk over keys and values: the forward pass, and the gradient of queries.
    Launch overKeys() {
        return launch(2 * width * BYTES);
    }

    /// The kernel that walks over queries: the gradient of keys and values.
    Launch overQueries() {
        return launch(bytesOfToken());
    }

    /// Numbers that belong to one head of one token each.
    long rowCount() {
        return (long) images * heads * tokens;
    }

    /// Tokens with those that fill the last strip.
    int paddedTokens() {
        return strips() * STRIP;
    }

    int strips() {
        return Math.ceilDiv(tokens, STRIP);
    }

    /// Whether a block for each head keeps a device busy.
    boolean hasManyHeads() {
        return (long) images * heads >= ENOUGH_BLOCKS;
    }

    /// Two rows as wide as a head, and two numbers.
    private int bytesOfToken() {
        return 2 * width * BYTES + 2 * Float.BYTES;
    }

    /// One block computes a whole head, so that what it walks over is read once, unless that does not fit or leaves
    /// processors without work: then each warp computes its strips at once.
    private Launch launch(int bytesOfToken) {
        var whole = chunk() >= tokens && hasManyHeads();
        var parts = whole ? 1 : Math.ceilDiv(strips(), WARPS * STRIPS_OF_WARP);
        return new Launch(parts, heads, images, THREADS, chunk() * bytesOfToken);
    }
}
