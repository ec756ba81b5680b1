package dev.lejepa.trainer.train;

import java.io.IOException;
import java.util.List;

/// Something that is told what happens in a run: a log, a progress line, a watch. Called on the thread of the training
/// loop, one event after the other, so it must be quick.
@FunctionalInterface
public interface TrainListener {

    /// @param event what has just happened
    void on(TrainEvent event);

    /// Puts what was told so far onto the disk. Called before a checkpoint is saved: the run that goes on from it begins
    /// behind it, and would never tell again what a power cut took of the steps before.
    default void persist() throws IOException {}

    /// One listener that passes everything to all of these, in their order.
    static TrainListener all(List<? extends TrainListener> listeners) {
        List<TrainListener> targets = List.copyOf(listeners);
        return new TrainListener() {
            @Override
            public void on(TrainEvent event) {
                targets.forEach(target -> target.on(event));
            }

            @Override
            public void persist() throws IOException {
                for (var target : targets) {
                    target.persist();
                }
            }
        };
    }
}
