package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule.Launch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The kernels of attention's backward pass for a shape on an architecture.
sealed interface AttentionBackward {
    /// Four warps multiply together, and all heads are computed by blocks that stay.
    record Together(AttentionTogether launch) implements AttentionBackward {}

    /// One kernel, a block for each head.
    record WholeHead(Launch launch) implements AttentionBackward {}

    /// A kernel that walks over keys, and one that walks over queries.
    record InTwo() implements AttentionBackward {}

    /// The kernels that take the shape; of those that compute whole heads, first the one with the fewest operations.
    ///
    /// @param architecture for instance `sm_90`
    static List<AttentionBackward> all(AttentionGrid grid, String architecture) {
        var ofHeads = Stream.of(
                        AttentionHead.launch(grid, architecture).map(WholeHead::new),
                        AttentionTogether.of(grid, architecture).map(Together::new))
                .<AttentionBackward>flatMap(Optional::stream)
                .toList();
        return ofHeads.isEmpty() ? List.of(new InTwo()) : ofHeads;
    }

    /// The kernels that a shape takes where nothing was measured.
    static AttentionBackward of(AttentionGrid grid, String architecture) {
        return all(grid, architecture).getFirst();
    }

    /// What people are told of it.
    default String label() {
        return switch (this) {
            case Together _ -> "four warps together";
            case WholeHead _ -> "single warps";
            case InTwo _ -> "two kernels";
        };
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
