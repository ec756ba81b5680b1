package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.FeatureReader;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the images of a folder that are most like others, by the cosine of their features, and draws both.
///
/// @param output features, a row for each image
/// @param workers threads that prepare images
public record NeighborPictures(Encoder encoder, String output, int workers) {
    /// An image that was looked for, and the nearest others.
    ///
    /// @param similarities of these, from -1 to 1
    public record Query(Path file, List<Path> neighbors, List<Double> similarities) {}

    /// What was found.
    ///
    /// @param images that were looked among
    /// @param skipped images that could not be read
    /// @param notes what a person may not expect
    public record Found(List<Query> queries, Paper sheet, int images, int skipped, List<String> notes) {}

    /// @param data folder to look in
    /// @param k neighbors of each, fewer where there are no more; an image is none of its own
    public Found find(Path data, PictureSource.Images queries, int k) throws IOException, InterruptedException {
        var folder = ImageFolder.withoutClasses(data);
        var notes = new ArrayList<String>();
        folder.notes().forEach(note -> notes.add("note: " + note));
        var store = ImageStore.open(folder, DataSpec.defaults().maxPixels(), 1, 0);
        var known = new FeatureReader(encoder, workers).rows(store, output);
        var lens = new Lens(encoder, output);
        var found = new ArrayList<Query>();
        lens.show(queries, IntStream.range(0, queries.size()).toArray(), shown -> {
            var row = new float[known.features().columns()];
            System.arraycopy(shown.values(), shown.from(), row, 0, row.length);
            found.add(query(queries.files().get(shown.number()), new Features(row, 1, row.length), known, k));
        });
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

    private static Query query(Path file, Features row, FeatureReader.Rows known, int k) throws IOException {
        var itself = file.toRealPath();
        var nearest = Nearest.of(known.features(), row, 0, k + 1).stream()
                .filter(found -> !isSame(known.files().get(found.row()), itself))
                .limit(k)
                .toList();
        return new Query(
                file,
                nearest.stream().map(found -> known.files().get(found.row())).toList(),
                nearest.stream().map(Nearest::similarity).toList());
    }

    private static boolean isSame(Path file, Path real) {
        try {
            return Files.isSameFile(file, real);
        } catch (IOException e) {
            return false; // gone meanwhile, so it is another
        }
    }

    private static Paper sheet(List<Query> found) throws IOException {
        var rows = new ArrayList<NeighborSheet.Row>();
        for (var query : found) {
            var neighbors = new ArrayList<RgbImage>();
            for (var file : query.neighbors()) {
                neighbors.add(decoded(file));
            }
            rows.add(new NeighborSheet.Row(decoded(query.file()), neighbors, query.similarities()));
        }
        return NeighborSheet.of(rows);
    }

    private static RgbImage decoded(Path file) throws IOException {
        try (var whole = new RgbImage()) {
            new ImageDecoder().decode(file, whole);
            return NeighborSheet.cell(whole);
        } catch (BrokenImageException e) {
            // it was readable when its features were computed
            throw new IOException(Text.format("%s: %s", PathText.shown(file), e.reason()), e);
        }
    }
}
