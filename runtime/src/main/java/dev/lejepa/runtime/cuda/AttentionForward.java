package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;

/// The kernel of attention's forward pass on an architecture, and how it is launched.
///
/// @param kernel its name
/// @param paddedQueries tokens that it computes of each head
record AttentionForward(String kernel, Launch launch, int paddedQueries) {
    /// What the kernel of four warps together needs beside the other kernels.
    static final List<String> SOURCES = List.of("warpgroups.cu", "warpgroup_strips.cu", "attention_warpgroups.cu");

    private static final int TOKENS = 64; // of a tile, as attention_warpgroups.cu has them
    private static final int ALIGNMENT = 1024;
    private static final int ROW_BYTES = 128;

    /// Whether four warps multiply together: there are such products on sm_90 alone, of operands whose rows are
    /// 128 or 256 bytes.
    ///
    /// @param architecture for instance `sm_90`
    static boolean isTogether(AttentionProducts products, int width, String architecture) {
        return ProductModules.runOn(architecture)
                && products == AttentionProducts.BFLOAT16
                && width * products.bytes() % ROW_BYTES == 0
                && !AttentionProducts.isWide(width);
    }

    /// @param architecture for instance `sm_90`
    static AttentionForward of(AttentionGrid grid, String architecture) {
        var launch = grid.overKeys();
        if (!isTogether(grid.products(), grid.width(), architecture)) {
            return new AttentionForward("attention", launch, grid.paddedTokens());
        }
        var tiles = Math.ceilDiv(grid.tokens(), TOKENS);
        var together = new Launch(
                grid.isWhole() ? 1 : tiles,
                launch.gridY(),
                launch.gridZ(),
                launch.threads(),
                launch.sharedBytes() + ALIGNMENT);
        return new AttentionForward("attention_together", together, tiles * TOKENS);
    }
}
