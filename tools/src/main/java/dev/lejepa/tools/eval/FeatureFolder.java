package dev.lejepa.tools.eval;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.graphs.npy.NpyType;
import dev.lejepa.graphs.npy.NpyWriter;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.HealthReader;
import dev.lejepa.trainer.eval.SharedReader;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Features on disk, computed once: a folder for each encoder and set of images, with `.npy` matrices that other tools
/// read too, and what they were computed from. They are computed again when any of that changes.
///
/// @param root where the folders are
/// @param workers threads that prepare images
/// @param ranks processes that share the images; the first one has the folder
/// @param notes told what is computed and what was there
public record FeatureFolder(Path root, int workers, Ranks ranks, Consumer<String> notes) {
    private static final byte[] THERE = {};
    private static final byte[] WANTED = {1};

    private static final String KEY = "key.txt";
    private static final String IMAGES = "images.npy";
    private static final String PROBED = "probed.npy";
    private static final String MIRRORED = "mirrored.npy";
    private static final String POOLED = "pooled.npy";
    private static final String VIEWS = "views.npy";

    /// The features of images, from the disk where they are there.
    ///
    /// @param name of the images' part, for people
    /// @param mirror whether those of mirrored images are wanted too
    Judged read(Encoder encoder, Judged.Outputs outputs, String name, ImageStore images, boolean mirror)
            throws IOException, InterruptedException {
        var key = FeatureKey.of(encoder, outputs, images, mirror);
        var folder = root.resolve(key.place());
        var stored = folder.resolve(KEY);
        var changed = key.changedSince(stored);
        Together.gather(ranks, () -> changed.isEmpty() ? THERE : WANTED);
        if (changed.isEmpty()) {
            notes.accept(Text.format("%s: features from before, %s", name, folder));
        } else {
            notes.accept(Text.format(
                    "%s: computing features of %d images%s",
                    name, images.source().size(), Files.exists(stored) ? ", as " + changed.get() + " changed" : ""));
            Files.createDirectories(folder);
            Files.deleteIfExists(stored);
            Files.deleteIfExists(folder.resolve(VIEWS));
            compute(encoder, outputs, images, mirror, folder);
            AtomicFile.writeText(stored, key.text());
        }
        var judged = load(folder, outputs, images, mirror);
        tellLeftOut(name, images, images.source().size() - judged.labels().length);
        return judged;
    }

    /// What another process than the first one does where that one reads.
    void help(Encoder encoder, Judged.Outputs outputs, ImageStore images, boolean mirror)
            throws IOException, InterruptedException {
        var told = Together.gather(ranks, () -> THERE).getFirst();
        if (Arrays.equals(told, WANTED)) {
            new SharedReader(encoder, workers, ranks).read(images, kept(encoder, outputs, mirror), _ -> {});
        }
    }

    /// What is kept of a batch: the judged rows, the pooled ones where they are others, those of mirrored images.
    private static SharedReader.Maker kept(Encoder encoder, Judged.Outputs outputs, boolean mirror) {
        return (batch, shown, made) -> {
            var kept = new ArrayList<float[]>();
            kept.add(rows(encoder, made, outputs.probed(), batch.valid()));
            if (!outputs.probed().equals(outputs.pooled())) {
                kept.add(rows(encoder, made, outputs.pooled(), batch.valid()));
            }
            if (mirror) {
                try (var other = encoder.run(shown.mirrored())) {
                    kept.add(rows(encoder, other, outputs.probed(), batch.valid()));
                }
            }
            return kept;
        };
    }

    private static float[] rows(Encoder encoder, Outputs made, String output, int count) {
        return Arrays.copyOf(made.get(output).toFloats(), count * encoder.width(output));
    }

    /// Names are known where features were computed now.
    private void tellLeftOut(String name, ImageStore images, int count) {
        if (count > 0) {
            var names = images.broken().count() > 0 ? ": " + images.broken().names() : "";
            notes.accept(Text.format("%s: %d left out, as they cannot be read%s", name, count, names));
        }
    }

    /// Features of augmented views of images whose own features were read before, from the disk where they are there;
    /// nothing where there are too few images.
    Optional<Features> views(Encoder encoder, Judged.Outputs outputs, ImageStore images, boolean mirror)
            throws IOException, InterruptedException {
        var file = root.resolve(FeatureKey.of(encoder, outputs, images, mirror).place())
                .resolve(VIEWS);
        if (Files.exists(file)) {
            return Optional.of(features(file));
        }
        notes.accept("computing features of augmented views");
        var views = new HealthReader(encoder, workers).views(images, outputs.pooled(), HealthReader.usualViews());
        if (views.isPresent()) {
            try (var out = NpyWriter.create(file, NpyType.FLOAT32, views.get().columns())) {
                out.append(views.get().values(), 0, views.get().values().length);
                out.commit();
            }
        }
        return views;
    }

    private void compute(Encoder encoder, Judged.Outputs outputs, ImageStore images, boolean mirror, Path folder)
            throws IOException, InterruptedException {
        var width = encoder.width(outputs.probed());
        var pooledWidth = encoder.width(outputs.pooled());
        var two = !outputs.probed().equals(outputs.pooled());
        try (var rows = NpyWriter.create(folder.resolve(IMAGES), NpyType.INT32);
                var probed = NpyWriter.create(folder.resolve(PROBED), NpyType.FLOAT32, width);
                var mirrored = NpyWriter.create(folder.resolve(MIRRORED), NpyType.FLOAT32, width);
                var pooled = NpyWriter.create(folder.resolve(POOLED), NpyType.FLOAT32, pooledWidth)) {
            new SharedReader(encoder, workers, ranks).read(images, kept(encoder, outputs, mirror), piece -> {
                var numbers =
                        piece.images().stream().mapToInt(Integer::intValue).toArray();
                rows.append(numbers, 0, numbers.length);
                append(probed, piece.outputs().getFirst());
                if (two) {
                    append(pooled, piece.outputs().get(1));
                }
                if (mirror) {
                    append(mirrored, piece.outputs().getLast());
                }
            });
            rows.commit();
            probed.commit();
            if (two) {
                pooled.commit();
            }
            if (mirror) {
                mirrored.commit();
            }
        }
    }

    private static void append(NpyWriter to, float[] rows) throws IOException {
        to.append(rows, 0, rows.length);
    }

    private static Judged load(Path folder, Judged.Outputs outputs, ImageStore images, boolean mirror) {
        var labels = IntStream.of(toInts(NpyFile.read(folder.resolve(IMAGES)).toLongs()))
                .map(images.source()::label)
                .toArray();
        if (labels.length == 0) {
            throw new BadInputException(Text.format(
                    "%s: none of its images can be read: %s",
                    images.source().place(), images.broken().names()));
        }
        var probed = features(folder.resolve(PROBED));
        var two = !outputs.probed().equals(outputs.pooled());
        return new Judged(
                probed,
                mirror ? features(folder.resolve(MIRRORED)) : probed,
                two ? features(folder.resolve(POOLED)) : probed,
                labels);
    }

    private static int[] toInts(long... values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    private static Features features(Path file) {
        var array = NpyFile.read(file);
        var numbers = array.shape().get(0) * array.shape().get(1);
        if (numbers > Integer.MAX_VALUE - Long.BYTES) {
            throw new BadInputException(Text.format(
                    "%s: %d x %d features are more than can be judged at once; evaluate with fewer images",
                    PathText.shown(file), array.shape().get(0), array.shape().get(1)));
        }
        var features = new Features(
                array.toFloats(),
                Math.toIntExact(array.shape().get(0)),
                Math.toIntExact(array.shape().get(1)));
        if (!features.finite()) {
            throw new BadInputException(
                    Text.format("%s: the encoder's features hold numbers that are not finite", PathText.shown(file)));
        }
        return features;
    }
}
