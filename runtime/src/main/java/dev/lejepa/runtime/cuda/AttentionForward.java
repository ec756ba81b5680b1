package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;
import java.util.Optional;

/// The kernel of attention's forward pass for a shape on an architecture.
sealed interface AttentionForward {
    /// What the kernels of four warps together need beside the others.
    List<String> SOURCES = List.of("warpgroups.cu", "warpgroup_strips.cu", "attention_warpgroups.cu");

    /// And the one whose blocks stay.
    List<String> AHEAD_SOURCES = List.of("attention_forward_together.cu");

    /// Of a row of operands in shared memory.
    int ROW_BYTES = 128;

    /// Four warps multiply together, and all heads are computed by blocks that stay.
    ///
    /// @param stages heads for which there is a place
    record Ahead(AttentionRows rows, int stages) implements AttentionForward {
        static final String KERNEL = "attention_forward_together";

        private static final int THREADS = 512; // as attention_forward_together.cu has them
        private static final int BARRIER_BYTES = 3 * AttentionRows.MOST_STAGES * Long.BYTES;

        private static Optional<AttentionForward> of(AttentionGrid grid, String architecture) {
            var rows = new AttentionRows(grid);
            var fixed = AttentionRows.ALIGNMENT + BARRIER_BYTES;
            var fitting = (SharedMemory.of(architecture) - fixed) / (3 * rows.bytes());
            var stages = Math.min(AttentionRows.MOST_STAGES, fitting);
            return Optional.<AttentionForward>of(new Ahead(rows, stages))
                    .filter(_ -> stages > 1 // or nothing would come while a head is computed
                            && AttentionRows.areThere(grid.products(), grid.width(), architecture)
                            && grid.hasManyHeads());
        }

        @Override
        public int paddedQueries() {
            return rows.paddedTokens();
        }

        @Override
        public int readings() {
            return 1;
        }

        /// @param processors of the device
        Launch launch(int processors) {
            var bytes = AttentionRows.ALIGNMENT + stages * 3 * rows.bytes() + BARRIER_BYTES;
            return new Launch(rows.blocks(processors), 1, 1, THREADS, bytes);
        }
    }

    /// Blocks of some queries of a head.
    ///
    /// @param kernel its name
    /// @param paddedQueries tokens that it computes of each head
    record Parts(String kernel, Launch launch, int paddedQueries) implements AttentionForward {
        private static final int TOKENS = 64; // of a tile, as attention_warpgroups.cu has them
        private static final int ALIGNMENT = 1024;

        private static Parts of(AttentionGrid grid, String architecture) {
            var launch = grid.overKeys();
            if (!isTogether(grid.products(), grid.width(), architecture)) {
                return new Parts("attention", launch, grid.paddedTokens());
            }
            var tiles = Math.ceilDiv(grid.tokens(), TOKENS);
            var together = new Launch(
                    grid.isWhole() ? 1 : tiles,
                    launch.gridY(),
                    launch.gridZ(),
                    launch.threads(),
                    launch.sharedBytes() + ALIGNMENT);
            return new Parts("attention_together", together, tiles * TOKENS);
        }

        @Override
        public int readings() {
            return launch.gridX();
        }
    }

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
        return Ahead.of(grid, architecture).orElseGet(() -> Parts.of(grid, architecture));
    }

    /// Tokens whose contexts are computed for each head.
    int paddedQueries();

    /// How often keys and values are read.
    int readings();
}
