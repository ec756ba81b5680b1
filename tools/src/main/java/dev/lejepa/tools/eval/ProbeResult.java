package dev.lejepa.tools.eval;

import dev.lejepa.trainer.eval.ClassScores;
import dev.lejepa.trainer.eval.LinearProbe.Head;
import java.util.List;

/// What linear probes of one number of shots came to, one probe for each seed.
///
/// @param top1 on the test images, by seed
/// @param heads that were chosen, by seed
/// @param first the scores of the first seed
record ProbeResult(Shots shots, List<Double> top1, List<Head> heads, ClassScores first) {
    double mean() {
        return top1.stream().mapToDouble(t -> t).average().orElseThrow();
    }

    /// The standard deviation over seeds, of a sample; 0 for one seed.
    double deviation() {
        var mean = mean();
        var squares = top1.stream().mapToDouble(t -> (t - mean) * (t - mean)).sum();
        return top1.size() < 2 ? 0 : Math.sqrt(squares / (top1.size() - 1));
    }
}
