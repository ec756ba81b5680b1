package dev.lejepa.trainer.train;

import java.util.List;

/// Something that is told what happens in a run: a log, a progress line, a watch. Called on the thread of the training
/// loop, one event after the other, so it must be quick.
@FunctionalInterface
public interface TrainListener {

    /// @param event what has just happened
    void on(TrainEvent event);

    /// One listener that passes each event to all of these, in their order.
    static TrainListener all(List<? extends TrainListener> listeners) {
        List<TrainListener> targets = List.copyOf(listeners);
        return event -> targets.forEach(target -> target.on(event));
    }
}
