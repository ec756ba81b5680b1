package dev.lejepa.tools.run;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeChanges;
import dev.lejepa.runtime.checkpoint.Checkpoint;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.train.RunFolder;
import dev.lejepa.trainer.train.TrainEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run that is to go on, checked: it is a run, of this recipe, and its newest checkpoint is whole.
///
/// @param checkpoint the newest; none where the run stopped before its first
/// @param changes what differs from the recipe that the run had so far
record ResumedRun(Optional<Checkpoint> checkpoint, RecipeChanges changes) {
    /// Reads the run in a folder.
    ///
    /// @param recipe that it is to go on with
    /// @throws dev.lejepa.graphs.BadInputException if it cannot go on; nothing has been changed then
    static ResumedRun open(RunFolder folder, Recipe recipe) throws IOException {
        folder.requireRun();
        var changes = RecipeChanges.between(RecipeFile.read(folder.recipe(), List.of()), recipe);
        changes.refuseOtherRun(PathText.shown(folder.path()));
        var newest = new Checkpoints(folder.path()).newest();
        if (newest.isPresent()) {
            newest.get().checkDigests();
        }
        return new ResumedRun(newest, changes);
    }

    /// Completed steps: those of the checkpoint, or 0.
    long step() {
        return checkpoint.map(Checkpoint::step).orElse(0L);
    }

    /// What a person should know before it goes on.
    List<TrainEvent> warnings() {
        var step = step();
        var warnings = new ArrayList<TrainEvent>();
        if (checkpoint.isEmpty()) {
            warnings.add(warning(step, "there is no checkpoint yet; the run starts over"));
        }
        for (var change : changes.with(RecipeChanges.Effect.SCHEDULE)) {
            warnings.add(warning(step, change + "; the learning rates now follow a schedule over all of them"));
        }
        return warnings;
    }

    private static TrainEvent warning(long step, String message) {
        return new TrainEvent.Warned(step, TrainEvent.Topic.RECIPE, message, List.of());
    }
}
