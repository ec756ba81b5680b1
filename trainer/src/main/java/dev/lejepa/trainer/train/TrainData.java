package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.trainer.data.Blocks;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The images of a run. Closing them closes their sources.
///
/// @param classes labels that the online probe tells apart; 0 where there is no probe
public record TrainData(ImageStore train, Optional<ImageStore> val, int classes) implements AutoCloseable {
    private static final int NAMED_AT_MOST = 10;

    /// Opens and scans the images that a recipe names.
    ///
    /// @param words gets what is done meanwhile and takes long, a line each
    /// @throws BadInputException if they are missing, do not fit each other or hold fewer images than a batch
    public static TrainData open(Recipe recipe, Consumer<String> words) throws IOException {
        if (recipe.data().train().isEmpty()) {
            throw new BadInputException("data.train is not set; it names the training images");
        }
        // both are listed before the headers of either are read, which may take long
        var sources = Sources.ofUser(words);
        var trainSource = source(sources, "data.train", recipe.data().train());
        try {
            var valSource = recipe.data().val().isEmpty()
                    ? Optional.<ImageSource>empty()
                    : Optional.of(source(sources, "data.val", recipe.data().val()));
            try {
                return open(recipe, trainSource, valSource);
            } catch (RuntimeException | Error e) {
                valSource.ifPresent(ImageSource::close);
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            trainSource.close();
            throw e;
        }
    }

    private static TrainData open(Recipe recipe, ImageSource train, Optional<ImageSource> val) {
        if (train.size() < recipe.data().batch()) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, but %s holds only %d images",
                    recipe.data().batch(), train.place(), train.size()));
        }
        var classes = classes(recipe, train);
        if (classes > 0) {
            val.ifPresent(v -> requireSameClasses(train, v));
        }
        var held = classes > 0 ? val.map(v -> Sources.inClasses(train.classes(), v)) : val;
        return new TrainData(store(recipe, train), held.map(v -> store(recipe, v)), classes);
    }

    private static ImageSource source(Sources door, String key, List<SourceSpec> named) throws IOException {
        try {
            return door.open(named);
        } catch (BadInputException e) {
            throw new BadInputException(key + ": " + e.getMessage(), e);
        }
    }

    private static ImageStore store(Recipe recipe, ImageSource source) {
        var data = recipe.data();
        return ImageStore.open(source, data, ImageStore.CACHE_BYTES);
    }

    /// What a person should know of the images before the run, one line each.
    public List<String> notes() {
        var notes = new ArrayList<String>();
        note(notes, "data.train", train.source());
        train.source().blocks().filter(Blocks::matter).ifPresent(blocks -> notes.add("data.train: " + blocks.words()));
        val.ifPresent(v -> note(notes, "data.val", v.source()));
        return notes;
    }

    private static void note(List<String> notes, String key, ImageSource source) {
        source.notes().forEach(note -> notes.add(key + ": " + note));
    }

    private static int classes(Recipe recipe, ImageSource source) {
        if (recipe.probe().isEmpty()) {
            return 0;
        }
        var found = source.classes().size();
        var asked = recipe.probe().get().classes();
        if (asked.isPresent() && asked.getAsInt() < found) {
            throw new BadInputException(
                    Text.format("probe.classes is %d, but %s has %d classes", asked.getAsInt(), source.place(), found));
        }
        return found < 2 ? 0 : asked.orElse(found); // one class is no label
    }

    /// Classes are known by their names, so both sides need the same ones.
    private static void requireSameClasses(ImageSource train, ImageSource val) {
        if (!Set.copyOf(train.classes()).equals(Set.copyOf(val.classes()))) {
            throw new BadInputException(Text.format(
                    "data.val: %s must have the classes of data.train: %d, there are %d; missing: %s; surplus: %s",
                    val.place(),
                    train.classes().size(),
                    val.classes().size(),
                    difference(train.classes(), val.classes()),
                    difference(val.classes(), train.classes())));
        }
    }

    @Override
    public void close() {
        train.close();
        val.ifPresent(ImageStore::close);
    }

    private static String difference(List<String> of, List<String> without) {
        var names = of.stream().filter(c -> !without.contains(c)).toList();
        var shown = names.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names.size() > NAMED_AT_MOST ? shown + ", ..." : shown;
    }
}
