package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.pretrained.PretrainedWeights;
import dev.lejepa.graphs.programs.BackboneTensors;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.StartingValues;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// What a run's parameters start from, and its file of weights, which stays open until they are written.
///
/// @param values for the bundle's writer
/// @param note what became of the file, if there is one
public record StartingPoint(StartingValues values, Optional<String> note) implements AutoCloseable {

    /// The recipe's file of weights, or the seed where it names none.
    ///
    /// @throws BadInputException if the file is no weights or does not fit; every tensor that does not is named
    public static StartingPoint of(Recipe recipe, Bundle bundle) throws IOException {
        var spec = recipe.model().backbone();
        if (spec.weights().isEmpty()) {
            return new StartingPoint(new StartingValues.Drawn(), Optional.empty());
        }
        var weights = open(
                spec,
                BackboneTensors.of(bundle),
                "model.backbone.weights",
                path(spec.weights().get()));
        return new StartingPoint(
                new StartingValues.Loaded(weights),
                Optional.of("weights: " + weights.report().line()));
    }

    /// The same for a run that goes on: its bundle has the weights already, and their file is not needed again.
    static StartingPoint resumed(Recipe recipe, Bundle bundle, Path folder) throws IOException {
        return recipe.model().backbone().weights().isPresent() && Files.exists(folder.resolve(Bundle.INIT))
                ? new StartingPoint(new StartingValues.Kept(), Optional.empty())
                : of(recipe, bundle);
    }

    /// For a process that is given all values by another one.
    static StartingPoint given() {
        return new StartingPoint(new StartingValues.Given(), Optional.empty());
    }

    /// A file of weights, fitted to a backbone.
    ///
    /// @param key that names it
    public static PretrainedWeights open(BackboneSpec spec, BackboneTensors tensors, String key, Path file)
            throws IOException {
        try {
            return PretrainedWeights.open(file, tensors.shapes(spec));
        } catch (BadInputException e) {
            throw new BadInputException(key + ": " + e.getMessage(), e);
        }
    }

    private static Path path(String text) {
        try {
            return PathText.path(text);
        } catch (InvalidPathException e) {
            throw new BadInputException(
                    Text.format("model.backbone.weights: '%s' is no path: %s", text, e.getReason()), e);
        }
    }

    @Override
    public void close() {
        if (values instanceof StartingValues.Loaded(var weights)) {
            weights.close();
        }
    }
}
