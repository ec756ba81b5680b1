package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.Optional;

/// The kernels of attention's backward pass for a shape on an architecture.
sealed interface AttentionBackward {
    /// Four warps multiply together, and all heads are computed by blocks that stay.
    record Together(AttentionTogether launch) implements AttentionBackward {}

    /// One kernel, a block for each head.
    record WholeHead(Launch launch) implements AttentionBackward {}

    /// A kernel that walks over keys, and one that walks over queries.
    record InTwo() implements AttentionBackward {}

    /// The first of these that takes the shape.
    ///
    /// @param architecture for instance `sm_90`
    static AttentionBackward of(AttentionGrid grid, String architecture) {
        Optional<AttentionBackward> together =
                AttentionTogether.of(grid, architecture).map(Together::new);
        return together.or(() -> AttentionHead.launch(grid, architecture).map(WholeHead::new))
                .orElseGet(InTwo::new);
    }

    /// How many sums over tokens each image leaves for the bias's gradient.
    default int sums(AttentionGrid grid) {
        return switch (this) {
            case Together t -> t.launch().rows().tiles();
            case WholeHead h -> h.launch().gridX();
            case InTwo _ -> grid.overKeys().gridX();
        };
    }
}
