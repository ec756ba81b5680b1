package dev.lejepa.graphs.recipe;

import java.util.List;

/// AdamW with linear warm-up and cosine decay, for backbone and projector.
///
/// @param lr learning rate at the end of the warm-up
/// @param decayExclude parameters without weight decay
/// @param warmupStart fraction of `lr` at the first step
/// @param finalLr fraction of `lr` after the last step
public record OptimizerSpec(
        double lr,
        double weightDecay,
        List<String> decayExclude,
        Betas betas,
        double eps,
        double warmupEpochs,
        double warmupStart,
        double finalLr) {

    public OptimizerSpec {
        decayExclude = List.copyOf(decayExclude);
    }

    public static OptimizerSpec defaults() {
        return new OptimizerSpec(5e-4, 0.05, List.of(), new Betas(0.9, 0.999), 1e-8, 1, 0.01, 1e-3);
    }
}
