package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.TrainEvent;
import java.util.ArrayDeque;
import java.util.Optional;

/// Follows the online probe's accuracy, over windows of epochs, and says when it falls while the loss still does: the
/// loss no longer buys what the probe measures.
final class ProbeWatch {
    /// Epochs of a window: single ones differ by chance, the more so the fewer images are held out.
    private static final int WINDOW = 3;

    /// Below the best window's accuracy, from where on it has fallen.
    private static final double FALL = 0.05;

    private final long grace;
    private final ArrayDeque<Epoch> window = new ArrayDeque<>();
    private double lossSum;
    private long steps;
    private Optional<Epoch> best = Optional.empty();

    /// Means of an epoch, or of a window and its last epoch.
    private record Epoch(int number, double top1, double loss) {}

    /// @param grace steps at the start whose epochs do not count
    ProbeWatch(long grace) {
        this.grace = grace;
    }

    /// Takes a step's loss.
    void add(TrainEvent.StepDone step) {
        lossSum += step.loss();
        steps++;
    }

    /// Tells what is wrong after an epoch.
    Optional<String> add(TrainEvent.EpochDone done) {
        double loss = lossSum / steps;
        lossSum = 0;
        steps = 0;
        if (done.valTop1().isEmpty() || done.step() < grace) {
            return Optional.empty();
        }
        window.add(new Epoch(done.epoch(), done.valTop1().getAsDouble(), loss));
        if (window.size() < WINDOW) {
            return Optional.empty();
        }
        Epoch mean = new Epoch(
                done.epoch(),
                window.stream().mapToDouble(Epoch::top1).average().orElseThrow(),
                window.stream().mapToDouble(Epoch::loss).average().orElseThrow());
        window.remove();
        if (best.isEmpty() || mean.top1() > best.get().top1()) {
            best = Optional.of(mean);
        }
        return trouble(mean, best.get());
    }

    private static Optional<String> trouble(Epoch now, Epoch best) {
        return now.top1() < best.top1() - FALL && now.loss() < best.loss()
                ? Optional.of(Text.format(
                        "the online probe gets worse while the loss still falls: top-1 %.1f %% on held-out images over the"
                                + " last %d epochs, %.1f %% up to epoch %d; an earlier checkpoint may be the better encoder,"
                                + " and a larger lambda, a smaller lr or other views may help",
                        100 * now.top1(), WINDOW, 100 * best.top1(), best.number()))
                : Optional.empty();
    }
}
