package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.image.ImageDecoder;
import java.nio.file.Path;
import java.util.Optional;

/// The images of a run.
///
/// @param classes labels that the online probe tells apart; 0 where there is no probe
public record TrainData(ImageStore train, Optional<ImageStore> val, int classes) {
    /// Opens and scans the folders that a recipe names.
    ///
    /// @throws BadInputException if they are missing, do not fit each other or hold fewer images than a batch
    public static TrainData open(Recipe recipe) {
        var root = recipe.data()
                .train()
                .orElseThrow(() -> new BadInputException("data.train is not set; it names the folder of training images"));
        var train = store(recipe, root);
        var val = recipe.data().val().map(path -> store(recipe, path));
        var images = train.folder().size();
        if (images < recipe.data().batch()) {
            throw new BadInputException("data.batch is %d, but %s holds only %d images"
                    .formatted(recipe.data().batch(), root, images));
        }
        var classes = classes(recipe, train.folder());
        val.ifPresent(v -> requireSameClasses(train.folder(), v.folder(), classes));
        return new TrainData(train, val, classes);
    }

    private static ImageStore store(Recipe recipe, String root) {
        var folder = ImageFolder.of(Path.of(root));
        return ImageStore.open(folder, ImageDecoder::new, recipe.data().maxBroken(), ImageStore.CACHE_BYTES);
    }

    private static int classes(Recipe recipe, ImageFolder folder) {
        if (recipe.probe().isEmpty()) {
            return 0;
        }
        var found = folder.classes().size();
        var asked = recipe.probe().get().classes();
        if (asked.isPresent() && asked.getAsInt() < found) {
            throw new BadInputException("probe.classes is %d, but %s has %d class folders"
                    .formatted(asked.getAsInt(), folder.root(), found));
        }
        return folder.isLabelled() ? asked.orElse(found) : 0;
    }

    private static void requireSameClasses(ImageFolder train, ImageFolder val, int classes) {
        if (classes > 0 && !train.classes().equals(val.classes())) {
            throw new BadInputException("data.val %s has the classes %s, but data.train %s has %s"
                    .formatted(val.root(), val.classes(), train.root(), train.classes()));
        }
    }
}
