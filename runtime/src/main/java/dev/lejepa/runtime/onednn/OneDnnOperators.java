package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.Operator;
import java.util.List;

/// The operators of `dev.lejepa` that oneDNN computes.
public final class OneDnnOperators {
    private OneDnnOperators() {}

    /// @param threads that share the work of a node
    public static List<Operator> over(OneDnn library, int threads) {
        return List.of(
                new Operator("Gemm", 2, 1, 1, a -> new GemmKernel(library, threads, a)),
                new Operator("GeluGrad", 2, 0, 1, _ -> new GeluGradKernel(library, threads)),
                new Operator("LayerNormGrad", 5, 0, 3, _ -> new LayerNormGradKernel(library, threads)),
                new Operator("Attention", 1, 0, 2, a -> new AttentionKernel(library, a)),
                new Operator("AttentionGrad", 4, 0, 1, a -> new AttentionGradKernel(library, a)));
    }
}
