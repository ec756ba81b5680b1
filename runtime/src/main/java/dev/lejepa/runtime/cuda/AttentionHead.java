package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.Optional;

/// How attention's backward pass is launched as one kernel, a block for each head.
final class AttentionHead {
    /// Warps of a block at most, and queries whose gradients of scores lie in shared memory at a time, as
    /// attention_head.cu has them.
    private static final int WARPS = 8;

    private static final int BLOCK = 32;
    private static final int WARP_THREADS = 32;

    private AttentionHead() {}

    /// The launch, if a head fits into a block's registers and shared memory and there are enough of them.
    ///
    /// @param architecture for instance `sm_90`
    static Optional<Launch> launch(AttentionGrid grid, String architecture) {
        var sideBySide = grid.paddedWidth() <= 96 ? 2 : 1;
        var stripsOfWarp = grid.paddedWidth() <= 64 ? 3 : sideBySide;
        var warps = Math.min(WARPS, Math.ceilDiv(grid.strips(), sideBySide));
        var bytes = sharedBytes(grid);
        return Optional.of(new Launch(1, grid.heads(), grid.images(), warps * WARP_THREADS, bytes))
                .filter(_ -> grid.products().hasWholeHeads(grid.width())
                        && grid.hasManyHeads()
                        && grid.strips() <= WARPS * stripsOfWarp
                        && bytes <= SharedMemory.of(architecture));
    }

    /// Of each token four rows of a head, its gradients of scores and two numbers; and sums of two strips.
    private static int sharedBytes(AttentionGrid grid) {
        var ofToken = (4 * grid.paddedWidth() + BLOCK) * grid.products().bytes() + 2 * Float.BYTES;
        var sums = BLOCK / AttentionGrid.STRIP * grid.paddedWidth() * Float.BYTES;
        return grid.paddedTokens() * ofToken + sums;
    }
}
