package dev.lejepa.tools.export;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A recipe and the file with the parameters trained, or to be trained, by it.
///
/// @param parameters a safetensors file
/// @param inputs all files of the run or bundle that others read, that one among them
public record EncoderSource(Recipe recipe, Path parameters, List<Path> inputs) {
    /// The newest checkpoint of a run.
    public static EncoderSource run(Path folder) throws IOException {
        var run = new RunFolder(folder);
        run.requireRun();
        var recipe = RecipeFile.read(run.recipe(), List.of());
        var newest = new Checkpoints(folder)
                .newest()
                .orElseThrow(() -> new BadInputException(Text.format("%s: the run has no checkpoint yet", folder)));
        newest.checkDigests();
        var inputs = Stream.concat(Stream.of(run.recipe(), run.metrics()), newest.files().stream());
        return new EncoderSource(recipe, newest.model(), inputs.toList());
    }

    /// The initial parameters of a bundle.
    public static EncoderSource bundle(Path folder) throws IOException {
        var bundle = BundleFolder.read(folder);
        var recipe = RecipeFile.parse(
                PathText.shown(folder.resolve(Bundle.MANIFEST)) + " (recipe)",
                bundle.manifest().recipe());
        var inputs = Stream.concat(
                        Stream.of(Bundle.MANIFEST, Bundle.INIT),
                        bundle.manifest().graphs().stream().map(Manifest.Stage::graph))
                .map(bundle::file)
                .toList();
        return new EncoderSource(recipe, bundle.file(Bundle.INIT), inputs);
    }
}
