package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.Arrays;

/// Sizes of a product whose tiles a formula takes, and how its kernel is shared out.
record ProductShape(long rows, long columns, long depth) {
    /// Rows and columns of a tile, and how much of the sum's index a stage holds, as products.cu has them.
    static final int TILE = 128;

    static final int PIECE = 64;

    private static final int OPERAND_BYTES = TILE * PIECE * 2;
    private static final int THREADS = 384;
    private static final int SUMS_BYTES = 2 * 4 * TILE * Float.BYTES;
    private static final int ALIGNMENT = 1024;

    /// Pieces of both operands that are under way or multiplied at a time.
    static final int STAGES = 6;

    /// @throws IllegalArgumentException if the matrices do not belong together
    static ProductShape of(long[] a, long[] b, boolean transB) {
        if (a.length != 2 || b.length != 2 || a[1] != b[transB ? 1 : 0]) {
            throw new IllegalArgumentException(Text.format("no product of %s and %s", shown(a), shown(b)));
        }
        return new ProductShape(a[0], b[transB ? 0 : 1], a[1]);
    }

    private static String shown(long[] dims) {
        return Arrays.toString(dims);
    }

    /// Tiles in the direction of the rows, for each of which a sum over rows has a part.
    int tilesDown() {
        return Math.toIntExact(Math.ceilDiv(rows, (long) TILE));
    }

    long tiles() {
        return tilesDown() * Math.ceilDiv(columns, (long) TILE);
    }

    /// @param processors of the device, each of which computes some tiles, two at a time if there are as many
    Launch launch(int processors) {
        var blocks = Math.min(processors, tiles());
        var bytes = STAGES * (2 * OPERAND_BYTES + 2 * Long.BYTES) + SUMS_BYTES + 2 * Long.BYTES;
        return new Launch(
                Math.toIntExact(blocks), 1, 1, THREADS, Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT + ALIGNMENT);
    }
}
