package dev.lejepa.tools.data;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.Blocks;
import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What a source holds.
///
/// @param images how many, broken ones included
/// @param unlabelled how many of them have no class
/// @param classes images of each class, in the order of the labels
/// @param bytes that the images take where they lie
/// @param formats images of each format, the most frequent one first
/// @param broken images that cannot be read, each with what is wrong with it
/// @param widths of those that can, in pixels; empty if there is none
/// @param heights of those that can
/// @param files that the images lie in
/// @param blocks images that are read together
public record SourceSummary(
        int images,
        int unlabelled,
        Map<String, Integer> classes,
        long bytes,
        Map<String, Integer> formats,
        List<String> broken,
        Optional<Spread> widths,
        Optional<Spread> heights,
        int files,
        Optional<Blocks> blocks) {
    public SourceSummary {
        classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        formats = Collections.unmodifiableMap(new LinkedHashMap<>(formats));
        broken = List.copyOf(broken);
    }

    /// Numbers by three of them.
    public record Spread(int least, int median, int most) {
        private static Optional<Spread> of(IntStream numbers) {
            int[] sorted = numbers.sorted().toArray();
            return sorted.length == 0
                    ? Optional.empty()
                    : Optional.of(new Spread(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]));
        }
    }

    /// What one image is found to be.
    private sealed interface Look {
        record Whole(ImageFacts facts) implements Look {}

        record Broken(String why) implements Look {}
    }

    /// Looks at all images of a source.
    ///
    /// @param maxPixels an image that claims more is broken
    /// @param decodes whether images are decoded, which finds those whose headers alone are whole
    public static SourceSummary of(ImageSource source, long maxPixels, boolean decodes) {
        var eyes = ThreadLocal.withInitial(() -> new Eye(source, maxPixels, decodes));
        var looks = IntStream.range(0, source.size())
                .parallel()
                .mapToObj(image -> eyes.get().look(image))
                .toList();
        var whole = looks.stream()
                .filter(Look.Whole.class::isInstance)
                .map(look -> ((Look.Whole) look).facts())
                .toList();
        var broken = looks.stream()
                .filter(Look.Broken.class::isInstance)
                .map(look -> ((Look.Broken) look).why())
                .toList();
        var labels = IntStream.range(0, source.size()).map(source::label).toArray();
        return new SourceSummary(
                source.size(),
                (int) Arrays.stream(labels)
                        .filter(label -> label == ImageSource.UNLABELLED)
                        .count(),
                classes(source, labels),
                IntStream.range(0, source.size())
                        .mapToLong(image -> bytes(source, image))
                        .sum(),
                formats(whole),
                broken,
                Spread.of(whole.stream().mapToInt(ImageFacts::width)),
                Spread.of(whole.stream().mapToInt(ImageFacts::height)),
                files(source),
                source.blocks());
    }

    /// Looks at images on one thread.
    private record Eye(ImageSource source, long maxPixels, boolean decodes, ImageDecoder decoder, RgbImage scratch) {
        Eye(ImageSource source, long maxPixels, boolean decodes) {
            this(source, maxPixels, decodes, new ImageDecoder(maxPixels), new RgbImage());
        }

        Look look(int image) {
            try {
                source.pixels(image, maxPixels);
                if (decodes) {
                    source.decode(image, decoder, scratch);
                }
                return new Look.Whole(source.facts(image));
            } catch (BrokenImageException e) {
                return new Look.Broken(Text.format("%s (%s)", PathText.shown(source.name(image)), e.reason()));
            } finally {
                scratch.close();
            }
        }
    }

    private static Map<String, Integer> classes(ImageSource source, int[] labels) {
        var counts = new int[source.classes().size()];
        for (var label : labels) {
            if (label != ImageSource.UNLABELLED) {
                counts[label]++;
            }
        }
        var classes = new LinkedHashMap<String, Integer>();
        for (var label = 0; label < counts.length; label++) {
            classes.merge(source.classes().get(label), counts[label], Integer::sum);
        }
        return classes;
    }

    private static long bytes(ImageSource source, int image) {
        try {
            return source.bytes(image);
        } catch (IOException e) {
            return 0; // told among the broken ones
        }
    }

    private static Map<String, Integer> formats(List<ImageFacts> images) {
        var counts = new TreeMap<String, Integer>();
        for (var image : images) {
            var format = image.format()
                    .map(known -> known.name().toLowerCase(Locale.ROOT))
                    .orElse("pixels");
            counts.merge(format, 1, Integer::sum);
        }
        var sorted = new LinkedHashMap<String, Integer>();
        counts.entrySet().stream()
                .sorted(Collections.reverseOrder(Map.Entry.comparingByValue()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /// Images of a file follow each other.
    private static int files(ImageSource source) {
        var files = 0;
        var before = new ArrayList<Path>();
        for (var image = 0; image < source.size(); image++) {
            var file = source.file(image);
            if (!before.equals(List.of(file))) {
                files++;
                before.clear();
                before.add(file);
            }
        }
        return files;
    }
}
