package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.FeatureReader;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.NearestNeighbors;
import dev.lejepa.trainer.eval.RowBuffer;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the images of a source that are most like others, by the cosine of their features, and draws both.
///
/// @param output features, a row for each image
/// @param workers threads that prepare images
public record NeighborPictures(Encoder encoder, String output, int workers) {
    /// An image that was looked for, and the nearest others.
    ///
    /// @param image in its source
    /// @param neighbors in theirs
    /// @param similarities of these, from -1 to 1
    public record Query(Place image, List<Place> neighbors, List<Double> similarities) {}

    /// An image in its source.
    public record Place(ImageSource source, int image) {
        /// Where it lies.
        public Path path() {
            return source.path(image);
        }

        /// Whether two are one image, however they are reached.
        boolean isSame(Place other) {
            if (source.isFile(image) != other.source.isFile(other.image)) {
                return false;
            }
            var alike = source.isFile(image) || source.name(image).equals(other.source.name(other.image));
            try {
                return alike && Files.isSameFile(source.file(image), other.source.file(other.image));
            } catch (IOException e) {
                return false; // gone meanwhile, so it is another
            }
        }
    }

    /// What was found.
    ///
    /// @param images that were looked among
    /// @param skipped images that could not be read
    /// @param notes what a person may not expect
    public record Found(List<Query> queries, Paper sheet, int images, int skipped, List<String> notes) {}

    /// @param source to look in
    /// @param k neighbors of each, fewer where there are no more; an image is none of its own
    public Found find(ImageSource source, PictureSource.Images queries, int k)
            throws IOException, InterruptedException {
        NeighborSheet.requireRoom(queries.size(), Math.min(k, source.size()));
        var notes = new ArrayList<String>();
        source.notes().forEach(note -> notes.add("note: " + note));
        var store = ImageStore.open(source, DataSpec.defaults().maxPixels(), 1, 0);
        var known = new FeatureReader(encoder, workers).rows(store, output);
        var lens = new Lens(encoder, output);
        var asked = new ArrayList<Place>();
        var rows = new RowBuffer(queries.size(), known.features().columns());
        lens.show(queries, IntStream.range(0, queries.size()).toArray(), shown -> {
            asked.add(new Place(queries.source(), queries.numbers().get(shown.number())));
            rows.add(MemorySegment.ofArray(shown.values()).asSlice((long) shown.from() * Float.BYTES), 1);
        });
        var places =
                known.images().stream().map(image -> new Place(source, image)).toList();
        var found = nearest(asked, finite(rows.features()), places, finite(known.features()), k);
        note(notes, store.broken().count(), store.broken().names());
        note(notes, lens.broken(), lens.brokenNames());
        return new Found(
                found, sheet(found), known.features().rows(), store.broken().count() + lens.broken(), notes);
    }

    private static void note(List<String> notes, int broken, String names) {
        if (broken > 0) {
            notes.add("left out, as they cannot be read: " + names);
        }
    }

    private Features finite(Features features) {
        if (!features.finite()) {
            throw new BadInputException(Text.format(
                    "%s: output '%s' holds numbers that are not finite, which have no neighbors",
                    encoder.file(), output));
        }
        return features;
    }

    private List<Query> nearest(List<Place> asked, Features rows, List<Place> places, Features known, int k) {
        var most = (int) Math.min(k + 1L, places.size()); // an image may be among its own
        try (var neighbors = new NearestNeighbors(encoder.engine(), known, most)) {
            var found = neighbors.find(rows);
            return IntStream.range(0, asked.size())
                    .mapToObj(q -> query(asked.get(q), places, found.rows()[q], found.cosines()[q], k))
                    .toList();
        }
    }

    private static Query query(Place asked, List<Place> places, int[] rows, double[] cosines, int k) {
        var others = IntStream.range(0, rows.length)
                .filter(i -> !places.get(rows[i]).isSame(asked))
                .limit(k)
                .toArray();
        return new Query(
                asked,
                IntStream.of(others).mapToObj(i -> places.get(rows[i])).toList(),
                IntStream.of(others).mapToObj(i -> cosines[i]).toList());
    }

    private static Paper sheet(List<Query> found) throws IOException {
        var rows = new ArrayList<NeighborSheet.Row>();
        for (var query : found) {
            var neighbors = new ArrayList<RgbImage>();
            for (var place : query.neighbors()) {
                neighbors.add(cell(place));
            }
            rows.add(new NeighborSheet.Row(cell(query.image()), neighbors, query.similarities()));
        }
        return NeighborSheet.of(rows);
    }

    private static RgbImage cell(Place place) throws IOException {
        return PictureSource.fitted(place.source(), place.image(), NeighborSheet.CELL);
    }
}
