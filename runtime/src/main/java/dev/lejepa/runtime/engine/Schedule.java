package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.programs.StageOutput;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.StepAction.Await;
import dev.lejepa.runtime.engine.StepAction.Feed;
import dev.lejepa.runtime.engine.StepAction.Reduce;
import dev.lejepa.runtime.engine.StepAction.Run;
import dev.lejepa.runtime.engine.StepAction.Zero;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The order of a step. Neighboring stages that run for each micro-batch run one after the other for one, then for the
/// next. Where a later stage repeats an earlier one, it takes that one's place for the last micro-batch, whose results
/// are then still there when its turn comes: it comes first.
final class Schedule {
    private final List<BoundStage> stages;
    private final int microBatches;
    private final Share share;
    private final Handover handover;
    private final States states;
    private final List<StepAction> actions = new ArrayList<>();
    /// The micro-batch whose inputs are bound.
    private int fed = -1;
    /// Whether sums over processes were begun.
    private boolean open;

    private Schedule(List<BoundStage> stages, Share share, Handover handover, States states) {
        this.stages = stages;
        this.microBatches = handover.microBatches();
        this.share = share;
        this.handover = handover;
        this.states = states;
    }

    /// @param share of this process
    static List<StepAction> of(List<BoundStage> stages, Share share, Handover handover, States states) {
        var schedule = new Schedule(stages, share, handover, states);
        schedule.build();
        return List.copyOf(schedule.actions);
    }

    private void build() {
        if (stages.stream().noneMatch(s -> s.stage().perMicroBatch())) {
            feed(0);
        }
        for (var i = 0; i < stages.size(); ) {
            var end = i;
            while (end < stages.size() && stages.get(end).stage().perMicroBatch()) {
                end++;
            }
            if (end > i) {
                loop(stages.subList(i, end));
                i = end;
            } else {
                once(stages.get(i++));
            }
        }
    }

    private void once(BoundStage stage) {
        actions.addAll(handover.gather(stage, share));
        if (open) {
            actions.add(new Await());
            open = false;
        }
        actions.add(new Run(stage, List.of()));
    }

    private void loop(List<BoundStage> group) {
        zero(group);
        var repeating = group.stream().anyMatch(s -> s.stage().repeats() != null);
        var order = repeating
                ? IntStream.concat(IntStream.of(microBatches - 1), IntStream.range(0, microBatches - 1))
                : IntStream.range(0, microBatches);
        var last = repeating && microBatches > 1 ? microBatches - 2 : microBatches - 1;
        order.forEach(i -> {
            var kept = repeating && i == microBatches - 1;
            feed(i);
            for (var stage : group) {
                if (stage.stage().repeats() != null) {
                    if (!kept) {
                        run(stage, i, true);
                    }
                } else {
                    run(i == microBatches - 1 ? repeating(stage).orElse(stage) : stage, i, false);
                }
                if (i == last && share.ranks() > 1) {
                    reduce(stage);
                }
            }
        });
    }

    private void feed(int microBatch) {
        if (fed != microBatch) {
            actions.add(new Feed(microBatch));
            fed = microBatch;
        }
    }

    private void run(BoundStage stage, int microBatch, boolean again) {
        actions.addAll(handover.fill(stage, microBatch, share));
        actions.add(new Run(stage, handover.ties(stage, microBatch, share, states, again)));
    }

    /// The stage that takes a stage's place.
    private Optional<BoundStage> repeating(BoundStage stage) {
        return stages.stream()
                .filter(s -> stage.stage().name().equals(s.stage().repeats()))
                .findFirst();
    }

    private void zero(List<BoundStage> group) {
        var sums = new ArrayList<DeviceTensor>();
        for (var stage : group) {
            if (stage.stage().outputs().stream().anyMatch(Schedule::accumulates)) {
                states.bucket(stage.stage().name()).ifPresent(sums::add);
            }
        }
        if (!sums.isEmpty()) {
            actions.add(new Zero(sums));
        }
    }

    private static boolean accumulates(StageOutput output) {
        return output instanceof StageOutput.State s && s.mode() == StageOutput.Mode.ACCUMULATE;
    }

    private void reduce(BoundStage stage) {
        states.bucket(stage.stage().name()).ifPresent(bucket -> {
            actions.add(new Reduce(bucket));
            open = true;
        });
    }
}
