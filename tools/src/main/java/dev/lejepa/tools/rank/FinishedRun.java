package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoint;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.BundleFolder;
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
/// @param bundle the graphs that it trained with
/// @param probeTop1 the online probe's last accuracy on held-out images, where there are labels
public record FinishedRun(
        Path folder, Recipe recipe, Checkpoint checkpoint, BundleFolder bundle, OptionalDouble probeTop1) {
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
        var bundle = BundleFolder.read(run.bundle());
        return new FinishedRun(folder, recipe, newest, bundle, ProbeAccuracy.last(run.metrics()));
    }

    /// The folder, as messages name it.
    public String name() {
        return PathText.shown(folder);
    }

    /// The graph from views to projections.
    ///
    /// @throws BadInputException if the bundle was made before bundles had one
    public Manifest.Stage heldOut() {
        var stage = bundle.manifest().heldOut();
        if (stage == null) {
            throw new BadInputException(Text.format(
                    "%s: held_out is missing: the run was made before bundles had that graph; 'train --resume --out %s' adds it",
                    PathText.shown(bundle.file(Bundle.MANIFEST)), name()));
        }
        return stage;
    }

    /// Weight of SIGReg in the loss that the run minimized.
    public double lambda() {
        return recipe.loss().lambda();
    }
}
