package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.trainer.report.SigregLevels;
import dev.lejepa.trainer.report.TroubleWatch;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.TrainEvent;
import dev.lejepa.trainer.train.TrainListener;

/// What is said and watched of a run that begins or goes on.
///
/// @param recipe with absolute paths
/// @param ranks all of its processes
record RunOpening(RunSettings settings, Recipe recipe, Ranks ranks) {
    /// Says what the run will take, and what a person may not expect of its data.
    void announce(TrainData data, String step, long last, long first) {
        var out = settings.out();
        var images = data.train().source();
        var classes = images.isLabelled()
                ? Text.format(" in %d classes", images.classes().size())
                : ", unlabelled";
        var held = data.val()
                .map(v -> Text.format("; %d held out", v.source().size()))
                .orElse("");
        out.println(Text.format("%d images%s%s", images.size(), classes, held));
        data.notes().forEach(note -> out.println("note: " + note));
        out.println(step);
        out.println("computing on " + DeviceWords.of(settings.device(), settings.threads()) + together());
        out.println(
                last > first
                        ? Text.format(
                                "%d steps of %d images",
                                last - first, recipe.data().batch())
                        : Text.format(
                                "all %d steps are done already; a higher train.epochs or train.steps goes on", last));
    }

    private String together() {
        return ranks.size() == 1
                ? ""
                : Text.format(" in each of %d processes, which %s connects", ranks.size(), ranks.transport());
    }

    /// The run's first event.
    TrainEvent.Started started(TrainData data, RunEstimate estimate, long last, long first) {
        return new TrainEvent.Started(
                settings.name(),
                first,
                last,
                recipe.train().epochs(),
                data.train().source().size() / recipe.data().batch(),
                recipe.data().batch(),
                estimate.parameters(),
                settings.device(),
                settings.threads());
    }

    /// Looks for what may go wrong.
    TroubleWatch watch(TrainData data, TrainListener sinks) {
        var stepsPerEpoch = data.train().source().size() / recipe.data().batch();
        var warmup = Math.round(recipe.optimizer().warmupEpochs() * stepsPerEpoch);
        return new TroubleWatch(TroubleWatch.Limits.afterWarmup(warmup), SigregLevels.of(recipe), sinks);
    }
}
