package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaModule.Launch;

/// Sizes of an attention, and how its kernels are launched.
///
/// @param images `N`
/// @param tokens `T`
/// @param heads `H`
/// @param width of a head
record AttentionGrid(int images, int tokens, int heads, int width) {
    /// Rows of a tile, threads and warps of a block, and the elements that keep rows apart, as attention.cu has them.
    private static final int ROWS = 64;

    private static final int THREADS = 128;
    private static final int WARPS = 4;
    private static final int PADDING = 8;
    private static final int BYTES = 2; // of a bfloat16
    private static final int UNIT = 16;
    private static final int WIDEST = 128;

    /// @param qkv shape `[N, T, 3 H width]`
    /// @throws IllegalArgumentException if attention.cu has no code for this width
    static AttentionGrid of(long[] qkv, long heads) {
        var width = Math.toIntExact(qkv[2] / 3 / heads);
        if (width % UNIT != 0 || width > WIDEST) {
            throw new IllegalArgumentException(
                    Text.format("heads of width %d: a multiple of %d up to %d is needed", width, UNIT, WIDEST));
        }
        return new AttentionGrid(Math.toIntExact(qkv[0]), Math.toIntExact(qkv[1]), Math.toIntExact(heads), width);
    }

    /// The forward pass: queries, keys and values of a block.
    Launch forward() {
        return tiles(3);
    }

    /// The backward pass: two tiles that stay, and two pairs that take turns.
    Launch backward() {
        return tiles(6);
    }

    /// One warp for each row.
    Launch rows() {
        return new Launch(Math.ceilDiv(tokens, WARPS), heads, images, THREADS, 0);
    }

    /// Numbers that belong to one head of one token each.
    long rowCount() {
        return (long) images * heads * tokens;
    }

    private Launch tiles(int shared) {
        var bytes = shared * ROWS * (width + PADDING) * BYTES;
        return new Launch(Math.ceilDiv(tokens, ROWS), heads, images, THREADS, bytes);
    }
}
