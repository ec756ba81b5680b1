package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.Attentions;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;
import java.util.stream.IntStream;

/// Sizes of an attention, and how its kernels are launched that walk over a side of it.
///
/// @param images `N`
/// @param tokens `T`
/// @param heads `H`
/// @param width of a head
/// @param products of which kind
record AttentionGrid(int images, int tokens, int heads, int width, AttentionProducts products) {
    /// Tokens of a strip, as attention_tiles.cu has them.
    static final int STRIP = 16;

    private static final int WARP_THREADS = 32;

    /// Blocks that keep a large device busy: three for each of some hundred processors.
    private static final int ENOUGH_BLOCKS = 400;

    /// Blocks along the third axis of a grid at most (CUDA programming guide, technical specifications).
    private static final int MOST_IMAGES = 65_535;

    private static final int PADDED_UNIT = 16;

    /// Neighboring images that have launches of their own.
    ///
    /// @param first of them
    /// @param grid theirs
    record Slice(int first, AttentionGrid grid) {
        /// Where its part of a tensor begins.
        ///
        /// @param bytesOfImage of the tensor
        long at(long address, long bytesOfImage) {
            return address + first * bytesOfImage;
        }
    }

    /// @param qkv shape `[N, T, 3 H width]`
    /// @throws IllegalArgumentException if the kernels have no code for this width
    static AttentionGrid of(long[] qkv, long heads, AttentionProducts products) {
        var width = Math.toIntExact(qkv[2] / 3 / heads);
        if (width > Attentions.WIDEST_ON_CUDA) {
            throw new IllegalArgumentException(
                    Text.format("heads of width %d: %d at most are needed", width, Attentions.WIDEST_ON_CUDA));
        }
        return new AttentionGrid(
                Math.toIntExact(qkv[0]), Math.toIntExact(qkv[1]), Math.toIntExact(heads), width, products);
    }

    /// All images, in as few slices as launches take. Their numbers of images are equal to within one, so all slices are
    /// shared out to blocks alike.
    List<Slice> slices() {
        var count = Math.ceilDiv(images, MOST_IMAGES);
        return IntStream.range(0, count)
                .mapToObj(i -> slice(
                        Math.toIntExact((long) images * i / count), Math.toIntExact((long) images * (i + 1) / count)))
                .toList();
    }

    private Slice slice(int from, int to) {
        return new Slice(from, new AttentionGrid(to - from, tokens, heads, width, products));
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

    /// Bytes of queries, keys, values or contexts of an image.
    long bytesOfImage() {
        return (long) tokens * heads * width * products.bytes();
    }

    /// Bytes of a float for each head of each token of an image.
    long bytesOfNumbers() {
        return (long) tokens * heads * Float.BYTES;
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
        return products.warps(width) * sides * products.keptStrips(width) * STRIP * paddedWidth() * products.bytes();
    }

    /// Whether one block computes a whole head, so that what it walks over is read once, unless that does not fit or
    /// leaves processors without work.
    boolean isWhole() {
        return chunk() >= tokens && hasManyHeads();
    }

    /// Blocks of parts of a head are as many as let each warp compute its strips at once.
    private Launch launch(int sides, int bytesOfToken) {
        var warps = products.warps(width);
        var parts = isWhole() ? 1 : Math.ceilDiv(strips(), warps * products.stripsOfWarp(width));
        return new Launch(parts, heads, images, warps * WARP_THREADS, keptBytes(sides) + chunk() * bytesOfToken);
    }
}
