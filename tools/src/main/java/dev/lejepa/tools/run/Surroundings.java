package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Parts;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.trainer.train.DataChanges;
import dev.lejepa.trainer.train.RunData;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.RunVersions;
import dev.lejepa.trainer.train.TrainData;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a run's numbers depend on beside its recipe: its images, and what computes it.
record Surroundings(RunData data, RunEngine engine) {
    static Surroundings of(TrainData data, RunSettings settings, Parts parts) {
        var versions = RunVersions.here(OrtEngine.version());
        return new Surroundings(
                RunData.of(data), RunEngine.here(settings.device(), settings.threads(), versions, parts));
    }

    /// Keeps them in a run's folder, for the one who resumes it.
    void write(RunFolder folder) throws IOException {
        data.write(folder);
        engine.write(folder);
    }

    /// Compares them with those that a run has had so far.
    ///
    /// @param accept whether other images are welcome
    /// @return what a person should know before it goes on
    /// @throws BadInputException if the images differ and are not welcome, or cannot be trained with
    List<TrainEvent> since(RunFolder folder, ResumedRun run, Recipe recipe, boolean accept) throws IOException {
        var warnings = new ArrayList<TrainEvent>();
        dataSince(folder, run, recipe, accept).ifPresent(w -> warnings.add(warning(run, TrainEvent.Topic.DATA, w)));
        if (run.checkpoint().isPresent()) {
            RunEngine.read(folder).stream()
                    .flatMap(before -> engine.changesSince(before).stream())
                    .map(change -> change + ": sums may be added in another order, and from here on the losses may"
                            + " differ in their last digits from those of an uninterrupted run")
                    .forEach(w -> warnings.add(warning(run, TrainEvent.Topic.RECIPE, w)));
        }
        return warnings;
    }

    private Optional<String> dataSince(RunFolder folder, ResumedRun run, Recipe recipe, boolean accept)
            throws IOException {
        var before = RunData.read(folder);
        if (before.isEmpty()) {
            return run.checkpoint()
                    .map(_ -> Text.format(
                                    "%s is missing, so nobody can tell whether the images are those that the run began with;",
                                    folder.data())
                            + " those of now are recorded");
        }
        var changes = DataChanges.between(before.get(), data, recipe.data().batch());
        if (changes.none()) {
            return Optional.empty();
        }
        var fits = changes.probe().isEmpty() || run.checkpoint().isEmpty();
        if (!fits || !accept) {
            throw new BadInputException(refusal(folder, changes, fits));
        }
        return Optional.of(Text.format(
                        "the run goes on with other images: %s. From here on epochs, learning rates, the order of",
                        changes)
                + " images and the draws of their views are those of the new images");
    }

    private static String refusal(RunFolder folder, DataChanges changes, boolean fits) {
        var advice = fits
                ? "give back the images that it began with, or --accept-data to go on with these"
                : "its checkpoint does not fit these, so --accept-data cannot go on with them: give back the classes that"
                        + " it began with, or start a new run";
        return Text.format(
                "%s: this run was started with other images: %s. To resume, %s", folder.path(), changes, advice);
    }

    private static TrainEvent warning(ResumedRun run, TrainEvent.Topic topic, String message) {
        return new TrainEvent.Warned(run.step(), topic, message, List.of());
    }
}
