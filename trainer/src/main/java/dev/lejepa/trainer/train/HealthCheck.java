package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.TrainGraph;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Health;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Looks now and then at the health of what the network puts out for the first images of a batch. It is computed while
/// the next step runs, so that a device need not wait for it; steps and order of what is told do not depend on time.
final class HealthCheck {
    /// Rows that are looked at, about: enough to tell a healthy embedding from a poor one in a tenth of a second.
    private static final int ROWS = 512;

    /// Looks in a whole run, about.
    private static final long LOOKS = 200;

    private static final long LEAST_STEPS = 25;
    private static final long MOST_STEPS = 500;

    private final Program program;
    private final TrainListener listener;
    private final int views;
    private final long lastStep;
    private final List<CompletableFuture<TrainEvent.Measured>> pending = new ArrayList<>();

    /// @param views of an image, `V`
    /// @param lastStep of the run
    HealthCheck(Program program, TrainListener listener, int views, long lastStep) {
        this.program = program;
        this.listener = listener;
        this.views = views;
        this.lastStep = lastStep;
    }

    /// Whether a step is looked at: every 25 to 500, by the length of the run, and the last one.
    boolean due(long step) {
        return step == lastStep || step % Math.clamp(lastStep / LOOKS, LEAST_STEPS, MOST_STEPS) == 0;
    }

    /// Looks at the outputs of the step that was just done.
    void look(long step) {
        look(step, "embedding", TrainGraph.EMBEDDINGS);
        look(step, "projection", TrainGraph.PROJECTIONS);
    }

    private void look(long step, String of, String metric) {
        DeviceTensor tensor = program.metrics().get(metric);
        if (tensor != null) {
            Features rows = first(tensor);
            pending.add(CompletableFuture.supplyAsync(
                    () -> new TrainEvent.Measured(step, of, Health.ofViews(rows, views))));
        }
    }

    /// The rows of the first images, those of an image together.
    private Features first(DeviceTensor matrix) {
        var all = Math.toIntExact(matrix.shape().get(0));
        var columns = Math.toIntExact(matrix.shape().get(1));
        var rows = Math.min(all, Math.max(2, ROWS / views) * views);
        return new Features(Arrays.copyOf(matrix.toFloats(), rows * columns), rows, columns);
    }

    /// Tells what was seen of the step that was looked at last, if that has not been told: before anything is told of
    /// the next step, so that the order is one, saved and resumed or not.
    void tell() {
        for (var look : pending) {
            listener.on(look.join());
        }
        pending.clear();
    }
}
