package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoint;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/// A run that has something to be judged by.
///
/// @param folder as the person wrote it
/// @param checkpoint the newest, whole
/// @param probeTop1 the online probe's last accuracy on held-out images, where there are labels
public record FinishedRun(Path folder, Recipe recipe, Checkpoint checkpoint, OptionalDouble probeTop1) {
    /// Reads a run's folder.
    ///
    /// @throws BadInputException if it is no run, has no checkpoint, or what it holds is damaged
    public static FinishedRun open(Path folder) throws IOException {
        var run = new RunFolder(folder);
        run.requireRun();
        var recipe = RecipeFile.read(run.recipe(), List.of());
        var newest = new Checkpoints(folder)
                .newest()
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s: the run has no checkpoint yet, expected a finished run", folder)));
        newest.checkDigests();
        return new FinishedRun(folder, recipe, newest, ProbeAccuracy.last(run.metrics()));
    }

    /// The folder, as messages name it.
    public String name() {
        return PathText.shown(folder);
    }

    /// Weight of SIGReg in the loss that the run minimized.
    public double lambda() {
        return recipe.loss().lambda();
    }
}
