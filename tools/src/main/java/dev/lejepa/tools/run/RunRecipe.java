package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Recipe;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A recipe on its way into a run.
public final class RunRecipe {
    private RunRecipe() {}

    /// The same with absolute paths, so that the run can be resumed from any folder.
    public static Recipe absolute(Recipe recipe) {
        var data = recipe.data();
        if (data.train().isPresent()) {
            data = data.withTrain(absolute("data.train", data.train().get()));
        }
        if (data.val().isPresent()) {
            data = data.withVal(absolute("data.val", data.val().get()));
        }
        return recipe.withData(data);
    }

    private static String absolute(String key, String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            throw new BadInputException("%s: '%s' is no path: %s".formatted(key, path, e.getReason()), e);
        }
    }
}
