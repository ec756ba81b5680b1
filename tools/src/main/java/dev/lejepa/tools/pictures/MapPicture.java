package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.FeatureReader;
import dev.lejepa.trainer.eval.PrincipalAxes;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The images of a source on a plane, by their features: those that are like each other lie together.
///
/// @param output features, a row for each image
/// @param threads that compute
public record MapPicture(Encoder encoder, String output, int threads) {
    /// Images that a map is of at most: t-SNE's time grows with their square, and a sheet has no room for more.
    private static final int MOST = 3000;

    private static final int LEAST = 3;

    /// A map.
    ///
    /// @param images on it
    /// @param drawn those that are not dots alone
    /// @param skipped images that could not be read
    /// @param notes what a person may not expect
    public record Drawn(Paper sheet, int images, int drawn, int skipped, List<String> notes) {}

    /// @param tsne whether t-SNE finds the plane; else it is that of the first two principal components
    public Drawn draw(ImageSource source, boolean tsne, long seed) throws IOException, InterruptedException {
        var notes = new ArrayList<String>();
        source.notes().forEach(note -> notes.add("note: " + note));
        var store = ImageStore.open(source, DataSpec.defaults().maxPixels(), 1, 0);
        var all = new FeatureReader(encoder, LoaderSize.autoWorkers(threads)).rows(store, output);
        if (store.broken().count() > 0) {
            notes.add("left out, as they cannot be read: " + store.broken().names());
        }
        var chosen = chosen(source.place(), all.features().rows(), notes);
        var features = all.features().take(chosen);
        var images = IntStream.of(chosen).map(all.images()::get).toArray();
        var places = tsne
                ? TSne.of(features, seed, threads)
                : PrincipalAxes.of(features, 2).project(features);
        var map = new ImageMap(places, labels(source, images), seed);
        var pictures = new RgbImage[images.length];
        for (var image : map.drawn()) {
            pictures[image] = PictureSource.fitted(source, images[image], map.thumbnail());
        }
        return new Drawn(
                map.draw(image -> pictures[image]),
                images.length,
                map.drawn().size(),
                store.broken().count(),
                notes);
    }

    /// Evenly spread where there are too many.
    private static int[] chosen(String place, int images, List<String> notes) {
        if (images < LEAST) {
            throw new BadInputException(
                    Text.format("%s: has %d readable images, a map needs at least %d", place, images, LEAST));
        }
        var taken = Math.min(images, MOST);
        if (taken < images) {
            notes.add(Text.format("note: the map is of %d of the %d images, evenly spread", taken, images));
        }
        return IntStream.range(0, taken)
                .map(i -> (int) ((long) i * images / taken))
                .toArray();
    }

    /// Numbers of the images' classes, which are the folders directly below the root where images are files; -1 for
    /// images that have none.
    private static int[] labels(ImageSource source, int... images) {
        var names =
                IntStream.of(images).mapToObj(image -> className(source, image)).toList();
        var classes = new ArrayList<>(new TreeSet<>(names));
        classes.remove("");
        return names.stream().mapToInt(classes::indexOf).toArray();
    }

    private static String className(ImageSource source, int image) {
        var label = source.label(image);
        if (label != ImageSource.UNLABELLED) {
            return source.classes().get(label);
        }
        var name = source.name(image);
        return source.isFile(image) && name.getNameCount() > 1 ? PathText.text(name.getName(0)) : "";
    }
}
