package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How attention's backward pass is launched where four warps multiply together: one kernel, whose blocks take one head
/// after the other.
///
/// @param rows of a head in shared memory: its tokens, and zeros
/// @param queryStages heads for whose queries and gradients of contexts there is a place
/// @param keyStages heads for whose keys and values there is one
record AttentionTogether(AttentionGrid grid, int rows, int queryStages, int keyStages) {
    /// What the kernel needs beside the others.
    static final List<String> SOURCES = List.of("attention_gradients_together.cu", "attention_head_together.cu");

    static final String KERNEL = "attention_head_together";

    /// Tokens of a tile and of a block, which keep rows of this many bytes, as attention_gradients_together.cu has them.
    private static final int TILE = 64;

    private static final int WIDTH = 64;

    /// Threads and places, as attention_head_together.cu has them.
    private static final int THREADS = 384;

    private static final int MOST_STAGES = 4;
    private static final int BARRIER_BYTES = 5 * MOST_STAGES * Long.BYTES;
    private static final int SUM_BYTES = 2 * 2 * 4 * WIDTH * Float.BYTES;

    private static final int ALIGNMENT = 1024;
    private static final int MOST_COPIED = 256;

    /// Whether an architecture has the kernel for heads of a width.
    ///
    /// @param architecture for instance `sm_90`
    static boolean isThere(AttentionProducts products, int width, String architecture) {
        return width == WIDTH && AttentionForward.isTogether(products, width, architecture);
    }

    /// The launch, if a head fits into a block's shared memory and there are enough of them. Where there is a place for
    /// more than one head, the next comes while one is computed.
    ///
    /// @param architecture for instance `sm_90`
    static Optional<AttentionTogether> of(AttentionGrid grid, String architecture) {
        var rows = rows(grid.tokens());
        return IntStream.range(0, MOST_STAGES)
                .map(i -> MOST_STAGES - i)
                .boxed()
                .flatMap(q -> Stream.of(q, q - 1).filter(k -> k > 0).map(k -> new AttentionTogether(grid, rows, q, k)))
                .filter(t -> t.sharedBytes() <= SharedMemory.of(architecture))
                .findFirst()
                .filter(_ -> isThere(grid.products(), grid.width(), architecture) && grid.hasManyHeads());
    }

    /// Blocks of a side are whole, and the last may have a strip more.
    private static int rows(int tokens) {
        var over = tokens % TILE;
        var isWide = tokens > TILE && over > 0 && over <= AttentionGrid.STRIP;
        return isWide ? tokens - over + AttentionGrid.STRIP : Math.ceilDiv(tokens, TILE) * TILE;
    }

    /// Tiles of each side of a head, each of which leaves sums for the bias.
    int tiles() {
        return Math.ceilDiv(grid.tokens(), TILE);
    }

    /// Tokens of these tiles.
    int paddedTokens() {
        return tiles() * TILE;
    }

    /// Rows that are copied at a time.
    int copied() {
        return rows <= MOST_COPIED ? rows : rows / 2;
    }

    /// @param processors of the device, each of which has one block
    Launch launch(int processors) {
        return new Launch(Math.min(processors, grid.images() * grid.heads()), 1, 1, THREADS, sharedBytes());
    }

    private int sharedBytes() {
        var pair = 2 * rows * WIDTH * Short.BYTES;
        var numbers = 2 * rows * Float.BYTES;
        return ALIGNMENT + (queryStages + keyStages) * pair + queryStages * numbers + SUM_BYTES + BARRIER_BYTES;
    }
}
