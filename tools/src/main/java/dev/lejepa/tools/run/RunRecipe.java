package dev.lejepa.tools.run;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.SourceSpec;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A recipe on its way into a run.
public final class RunRecipe {
    private RunRecipe() {}

    /// The same with absolute paths, so that the run can be resumed from any folder.
    public static Recipe absolute(Recipe recipe) {
        var data = recipe.data();
        data = data.withTrain(absolute("data.train", data.train())).withVal(absolute("data.val", data.val()));
        var backbone = recipe.model().backbone();
        var weights = backbone.weights().map(file -> absolute("model.backbone.weights", file));
        return recipe.withData(data).withModel(recipe.model().withBackbone(backbone.withWeights(weights)));
    }

    /// Without `.`, and without `..` where that leads back to the folder before it: behind a link it leads elsewhere.
    static Path absolute(Path path) {
        var absolute = path.toAbsolutePath();
        var place = absolute.getRoot();
        for (var part : absolute) {
            place = switch (part.toString()) {
                case "." -> place;
                case ".." -> above(place).orElse(place.resolve(part));
                default -> place.resolve(part);
            };
        }
        return place;
    }

    private static Optional<Path> above(Path place) {
        return !place.endsWith("..") && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(Optional.ofNullable(place.getParent()).orElse(place))
                : Optional.empty();
    }

    private static List<SourceSpec> absolute(String key, List<SourceSpec> sources) {
        return sources.stream()
                .map(source -> source.withPath(absolute(key, source.path())))
                .toList();
    }

    private static String absolute(String key, String path) {
        try {
            return PathText.text(absolute(PathText.path(path)));
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("%s: '%s' is no path: %s", key, path, e.getReason()), e);
        }
    }
}
