package dev.lejepa.tools.rank;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The images that all runs are judged by, and how they are cut into samples. SIGReg grows with the size of its sample,
/// so that size is one for all runs: the smallest batch that any of them trained with, made a little smaller where this
/// lets more images fill whole samples.
///
/// @param sample images of a batch, `N`
/// @param batches whole batches; fewer images than there are batches are left out
public record HeldOutImages(ImageStore store, int sample, int batches) implements AutoCloseable {
    /// BatchNorm aside, a sample of one tells nothing of a distribution.
    private static final int LEAST_SAMPLE = 2;

    /// @param door opens them
    /// @param given the images that a person wants, over those of the recipes
    /// @throws BadInputException if there are none, or runs have several
    public static HeldOutImages of(List<FinishedRun> runs, Optional<String> given, Sources door)
            throws IOException {
        var source =
                door.open(given.map(text -> List.of(SourceSpec.of(text))).orElseGet(() -> ofRecipes(runs)));
        if (source.size() < LEAST_SAMPLE) {
            source.close();
            throw new BadInputException(Text.format(
                    "%s: holds %d image, expected at least %d", source.place(), source.size(), LEAST_SAMPLE));
        }
        var batch = runs.stream().mapToInt(r -> r.recipe().data().batch()).min().orElseThrow();
        var data = runs.getFirst().recipe().data();
        var store = ImageStore.open(source, data.maxPixels(), data.maxBroken(), ImageStore.CACHE_BYTES);
        var batches = Math.ceilDiv(source.size(), batch);
        return new HeldOutImages(store, source.size() / batches, batches);
    }

    /// All images that are used.
    public int images() {
        return sample * batches;
    }

    @Override
    public void close() {
        store.close();
    }

    private static List<SourceSpec> ofRecipes(List<FinishedRun> runs) {
        var users = new LinkedHashMap<List<SourceSpec>, String>();
        for (var run : runs) {
            var val = run.recipe().data().val();
            if (val.isEmpty()) {
                throw new BadInputException(Text.format(
                        "%s: its recipe has no data.val, so nothing is held out; give --data DATA", run.name()));
            }
            users.putIfAbsent(
                    val.stream()
                            .map(source -> source.withPath(real(source.path())))
                            .toList(),
                    run.name());
        }
        if (users.size() > 1) {
            var first = users.pollFirstEntry();
            var second = users.firstEntry();
            throw new BadInputException(Text.format(
                    "%s holds out %s and %s holds out %s: losses of different images cannot be compared; give --data DATA",
                    first.getValue(), told(first.getKey()), second.getValue(), told(second.getKey())));
        }
        return users.firstEntry().getKey();
    }

    private static String told(List<SourceSpec> sources) {
        return sources.stream()
                .map(source -> Escapes.unprintable(source.path()))
                .collect(Collectors.joining(" and "));
    }

    /// One text for a folder or a file, however the recipes write it.
    private static String real(String data) {
        try {
            return PathText.text(PathText.path(data).toRealPath());
        } catch (IOException | InvalidPathException e) {
            return data; // a pattern, or refused when it is opened
        }
    }
}
