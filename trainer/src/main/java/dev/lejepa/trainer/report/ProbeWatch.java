package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.TrainEvent;
import java.util.Optional;

/// Follows the online probe's accuracy and says when it falls while the loss still does: the loss no longer buys what
/// the probe measures.
final class ProbeWatch {
    /// Below the best accuracy, from where on it has fallen: more than batches and seeds do.
    private static final double FALL = 0.05;

    /// Epochs in a row.
    private static final int LASTING = 2;

    private double sum;
    private long steps;
    private double best = Double.NEGATIVE_INFINITY;
    private int bestEpoch;
    private double lossAtBest;
    private int fallen;

    /// Takes a step's loss.
    void add(TrainEvent.StepDone step) {
        sum += step.loss();
        steps++;
    }

    /// Tells what is wrong after an epoch.
    Optional<String> add(TrainEvent.EpochDone epoch) {
        double loss = sum / steps;
        sum = 0;
        steps = 0;
        if (epoch.valTop1().isEmpty()) {
            return Optional.empty();
        }
        double top1 = epoch.valTop1().getAsDouble();
        if (top1 > best) {
            best = top1;
            bestEpoch = epoch.epoch();
            lossAtBest = loss;
        }
        fallen = top1 < best - FALL && loss < lossAtBest ? fallen + 1 : 0;
        return fallen < LASTING
                ? Optional.empty()
                : Optional.of(Text.format(
                        "the online probe gets worse while the loss still falls: top-1 %.1f %% on held-out images, %.1f %% after"
                                + " epoch %d; an earlier checkpoint may be the better encoder, and a larger lambda, a smaller lr"
                                + " or other views may help",
                        100 * top1, 100 * best, bestEpoch));
    }
}
