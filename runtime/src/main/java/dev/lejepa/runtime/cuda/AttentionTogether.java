package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How attention's backward pass is launched where four warps multiply together: one kernel, whose blocks take one head
/// after the other.
///
/// @param queryStages heads for whose queries and gradients of contexts there is a place
/// @param keyStages heads for whose keys and values there is one
record AttentionTogether(AttentionRows rows, int queryStages, int keyStages) {
    /// What the kernel needs beside the others.
    static final List<String> SOURCES = List.of("attention_gradients_together.cu", "attention_head_together.cu");

    static final String KERNEL = "attention_head_together";

    private static final int THREADS = 384; // as attention_head_together.cu has them
    private static final int BARRIER_BYTES = 5 * AttentionRows.MOST_STAGES * Long.BYTES;
    private static final int SUM_BYTES = 2 * 2 * 4 * AttentionRows.WIDTH * Float.BYTES;

    /// The launch, if a head fits into a block's shared memory and there are enough of them. Where there is a place for
    /// more than one head, the next comes while one is computed.
    ///
    /// @param architecture for instance `sm_90`
    static Optional<AttentionTogether> of(AttentionGrid grid, String architecture) {
        var rows = new AttentionRows(grid);
        return IntStream.range(0, AttentionRows.MOST_STAGES)
                .map(i -> AttentionRows.MOST_STAGES - i)
                .boxed()
                .flatMap(q -> Stream.of(q, q - 1).filter(k -> k > 0).map(k -> new AttentionTogether(rows, q, k)))
                .filter(t -> t.sharedBytes() <= SharedMemory.of(architecture))
                .findFirst()
                .filter(_ ->
                        AttentionRows.areThere(grid.products(), grid.width(), architecture) && grid.hasManyHeads());
    }

    /// @param processors of the device
    Launch launch(int processors) {
        return new Launch(rows.blocks(processors), 1, 1, THREADS, sharedBytes());
    }

    private int sharedBytes() {
        var numbers = 2 * rows.count() * Float.BYTES;
        return AttentionRows.ALIGNMENT
                + (queryStages + keyStages) * 2 * rows.bytes()
                + queryStages * numbers
                + SUM_BYTES
                + BARRIER_BYTES;
    }
}
