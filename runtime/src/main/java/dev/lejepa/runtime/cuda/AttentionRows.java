package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import java.util.List;

/// Rows of one tensor of a head in shared memory, its tokens and zeros, for kernels whose blocks stay and take one head
/// after the other.
record AttentionRows(AttentionGrid grid) {
    /// Source that these kernels have in common.
    static final String SOURCE = "attention_stages.cu";

    /// Heads for which there may be a place, as attention_stages.cu has them.
    static final int MOST_STAGES = 4;

    /// Of what lies before the rows.
    static final int ALIGNMENT = 1024;

    /// The width of heads that fills a row of a copy.
    static final int WIDTH = 64;

    private static final int TILE = 64; // tokens of a tile and of a block, as attention_stages.cu has them
    private static final int MOST_COPIED = 256;

    /// Whether an architecture has such kernels for heads of a width.
    ///
    /// @param architecture for instance `sm_90`
    static boolean areThere(AttentionProducts products, int width, String architecture) {
        return width == WIDTH && AttentionForward.isTogether(products, width, architecture);
    }

    /// How many: blocks of a side are whole, and the last may have a strip more.
    int count() {
        var tokens = grid.tokens();
        var over = tokens % TILE;
        var isWide = tokens > TILE && over > 0 && over <= AttentionGrid.STRIP;
        return isWide ? tokens - over + AttentionGrid.STRIP : paddedTokens();
    }

    int bytes() {
        return count() * WIDTH * Short.BYTES;
    }

    /// Rows that are copied at a time.
    int copied() {
        return count() <= MOST_COPIED ? count() : count() / 2;
    }

    /// Tiles of a side, which four warps compute.
    int tiles() {
        return Math.ceilDiv(grid.tokens(), TILE);
    }

    /// Tokens of these tiles.
    int paddedTokens() {
        return tiles() * TILE;
    }

    /// Blocks on a device of so many processors, each of which has one.
    int blocks(int processors) {
        return Math.min(processors, grid.images() * grid.heads());
    }

    /// How a kernel copies rows of a tensor, as words of its argument.
    ///
    /// @param columns of a token
    List<Long> map(CudaModule module, long tensor, int columns) {
        var shape = new long[] {grid.images(), grid.tokens(), columns};
        return module.tiles(shape, copied(), WIDTH).at(tensor);
    }

    /// Sizes as the kernels take them.
    List<Long> sizes() {
        return List.of(
                (long) grid.images(), (long) grid.tokens(), (long) grid.heads(), (long) count(), (long) copied());
    }
}
