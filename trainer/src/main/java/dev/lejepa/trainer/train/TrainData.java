package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The images of a run.
///
/// @param classes labels that the online probe tells apart; 0 where there is no probe
public record TrainData(ImageStore train, Optional<ImageStore> val, int classes) {
    private static final int NAMED_AT_MOST = 10;

    /// Opens and scans the folders that a recipe names.
    ///
    /// @throws BadInputException if they are missing, do not fit each other or hold fewer images than a batch
    public static TrainData open(Recipe recipe) {
        var root = recipe.data()
                .train()
                .orElseThrow(
                        () -> new BadInputException("data.train is not set; it names the folder of training images"));
        // both are listed before the headers of either are read, which may take long
        var trainFolder = folder("data.train", root);
        var valFolder = recipe.data().val().map(path -> folder("data.val", path));
        if (trainFolder.size() < recipe.data().batch()) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, but %s holds only %d images",
                    recipe.data().batch(), root, trainFolder.size()));
        }
        var classes = classes(recipe, trainFolder);
        if (classes > 0) {
            valFolder.ifPresent(v -> requireSameClasses(trainFolder, v));
        }
        return new TrainData(store(recipe, trainFolder), valFolder.map(v -> store(recipe, v)), classes);
    }

    private static ImageFolder folder(String key, String root) {
        try {
            return ImageFolder.of(PathText.path(root));
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("%s: '%s' is no path: %s", key, root, e.getReason()), e);
        } catch (BadInputException e) {
            throw new BadInputException(key + ": " + e.getMessage(), e);
        }
    }

    private static ImageStore store(Recipe recipe, ImageFolder folder) {
        var data = recipe.data();
        return ImageStore.open(folder, data.maxPixels(), data.maxBroken(), ImageStore.CACHE_BYTES);
    }

    /// What a person should know of the folders before the run, one line each.
    public List<String> notes() {
        var notes = new ArrayList<String>();
        note(notes, "data.train", train.folder());
        val.ifPresent(v -> note(notes, "data.val", v.folder()));
        return notes;
    }

    private static void note(List<String> notes, String key, ImageSource folder) {
        folder.notes().forEach(note -> notes.add(key + ": " + note));
    }

    private static int classes(Recipe recipe, ImageFolder folder) {
        if (recipe.probe().isEmpty()) {
            return 0;
        }
        var found = folder.classes().size();
        var asked = recipe.probe().get().classes();
        if (asked.isPresent() && asked.getAsInt() < found) {
            throw new BadInputException(Text.format(
                    "probe.classes is %d, but %s has %d class folders", asked.getAsInt(), folder.root(), found));
        }
        return found < 2 ? 0 : asked.orElse(found); // one class is no label
    }

    /// Labels are the places of class folders in their order, so both sides need the same ones.
    private static void requireSameClasses(ImageFolder train, ImageFolder val) {
        if (!train.classes().equals(val.classes())) {
            throw new BadInputException(Text.format(
                    "data.val: %s must have the class folders of data.train: %d, there are %d; missing: %s; surplus: %s",
                    val.root(),
                    train.classes().size(),
                    val.classes().size(),
                    difference(train.classes(), val.classes()),
                    difference(val.classes(), train.classes())));
        }
    }

    private static String difference(List<String> of, List<String> without) {
        var names = of.stream().filter(c -> !without.contains(c)).toList();
        var shown = names.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names.size() > NAMED_AT_MOST ? shown + ", ..." : shown;
    }
}
