package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;

/// How the updates of weights are shared out: a block takes a piece of one of them.
///
/// @param first the first block of each weight
/// @param blocks of the grid
record UpdateGrid(List<Integer> first, int blocks) {
    static final int THREADS = 256;

    /// Elements of a block: enough for what all of them need first not to count.
    static final int CHUNK = 1 << 14;

    /// @param sizes elements of each weight
    static UpdateGrid of(List<Long> sizes) {
        var first = new Integer[sizes.size()];
        var blocks = 0;
        for (var i = 0; i < first.length; i++) {
            first[i] = blocks;
            blocks += Math.toIntExact(Math.ceilDiv(sizes.get(i), (long) CHUNK));
        }
        return new UpdateGrid(List.of(first), blocks);
    }

    Launch launch() {
        return new Launch(blocks, 1, 1, THREADS, 0);
    }
}
