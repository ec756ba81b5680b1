package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.recipe.Share;
import java.util.List;
import java.util.Optional;

/// Runs the steps of a program.
final class Steps {
    private final List<BoundStage> stages;
    private final Handover handover;
    private final States states;
    private Optional<Planned> planned = Optional.empty();

    /// The order of a step for a share of the batch.
    private record Planned(Share share, List<StepAction> actions) {}

    /// @param stages all that there will be
    Steps(List<BoundStage> stages, Handover handover, States states) {
        this.stages = stages;
        this.handover = handover;
        this.states = states;
    }

    void run(MicroFeed feed, Exchange exchange) {
        try {
            act(feed, exchange);
        } catch (RuntimeException | Error e) {
            settle(exchange, e);
            throw e;
        }
    }

    /// Waits for what was begun: whoever hears of the failure frees memory that others may still write.
    private static void settle(Exchange exchange, Throwable failure) {
        try {
            exchange.await();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void act(MicroFeed feed, Exchange exchange) {
        for (var action : actions(exchange.share())) {
            switch (action) {
                case StepAction.Feed(var microBatch) -> feed.feed(microBatch);
                case StepAction.Run(var stage, var ties) -> {
                    ties.forEach(t -> t.tie(stage.binding()));
                    stage.run();
                }
                case StepAction.Gather(var mine, var all) -> exchange.gather(mine, all);
                case StepAction.Copy(var from, var to) -> to.copyFrom(from);
                case StepAction.Zero(var tensors) -> tensors.forEach(DeviceTensor::zero);
                case StepAction.Reduce(var bucket) -> exchange.reduce(bucket);
                case StepAction.Await() -> exchange.await();
            }
        }
    }

    private List<StepAction> actions(Share share) {
        if (planned.isEmpty() || !planned.get().share().equals(share)) {
            handover.require(share);
            planned = Optional.of(new Planned(share, Schedule.of(stages, share, handover, states)));
        }
        return planned.get().actions();
    }
}
