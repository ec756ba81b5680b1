package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.Blocks;
import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.Ordering;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// Several sources as one: the images of the first, then those of the second, and so on. Classes of one name are one
/// class. With weights an epoch is as many images as there are, and each source gives its share of them, going round as
/// often as that needs; without any each image comes once.
final class Mixture implements ImageSource {
    private final List<ImageSource> parts;
    /// Number of the first image of each part, and of all images.
    private final int[] first;
    private final MergedClasses classes;
    private final Ordering ordering;
    private final List<String> notes;

    private Mixture(
            List<ImageSource> parts, int[] first, MergedClasses classes, Ordering ordering, List<String> notes) {
        this.parts = List.copyOf(parts);
        this.first = first;
        this.classes = classes;
        this.ordering = ordering;
        this.notes = List.copyOf(notes);
    }

    /// @param weights of the parts; those that have none weigh 1 where others have one
    /// @throws BadInputException if there are more images than can be numbered, or a share is less than an image
    static Mixture of(List<ImageSource> parts, List<OptionalDouble> weights) {
        var first = new int[parts.size() + 1];
        for (var part = 0; part < parts.size(); part++) {
            var next = (long) first[part] + parts.get(part).size();
            if (next > Integer.MAX_VALUE / 2) { // images that come again have numbers above these
                throw new BadInputException(Text.format("a mixture has at most %d images", Integer.MAX_VALUE / 2));
            }
            first[part + 1] = (int) next;
        }
        var classes = MergedClasses.of(parts);
        var notes = new ArrayList<>(classes.notes());
        for (var part : parts) {
            part.notes().forEach(note -> notes.add(part.place() + ": " + note));
            part.blocks().filter(Blocks::matter).ifPresent(blocks -> notes.add(part.place() + ": " + blocks.words()));
        }
        var images = first[parts.size()];
        if (weights.stream().allMatch(OptionalDouble::isEmpty)) {
            return new Mixture(parts, first, classes, unweighted(parts, images), notes);
        }
        var shares = Shares.of(parts, weights, images);
        notes.addFirst(shares.words());
        return new Mixture(parts, first, classes, shares.ordering(), notes);
    }

    /// One source, whose labels are places in another list of the same classes.
    static Mixture inClasses(List<String> classes, ImageSource source) {
        return new Mixture(
                List.of(source),
                new int[] {0, source.size()},
                MergedClasses.in(classes, List.of(source), List.of()),
                source.ordering(),
                source.notes());
    }

    private static Ordering unweighted(List<ImageSource> parts, int images) {
        return parts.stream().allMatch(part -> part.ordering() instanceof Ordering.Free)
                ? new Ordering.Free(images)
                : new Ordering.Mixed(parts.stream()
                        .map(part -> new Ordering.Share(part.ordering(), part.size()))
                        .toList());
    }

    private int part(int image) {
        var found = Arrays.binarySearch(first, image);
        var part = found >= 0 ? found : -found - 2;
        if (part < 0 || part >= parts.size()) {
            throw new IndexOutOfBoundsException(image);
        }
        return part;
    }

    private int within(int image) {
        return image - first[part(image)];
    }

    private ImageSource of(int image) {
        return parts.get(part(image));
    }

    @Override
    public String place() {
        return parts.stream().map(ImageSource::place).collect(Collectors.joining(" and "));
    }

    @Override
    public List<String> classes() {
        return classes.names();
    }

    @Override
    public int size() {
        return first[parts.size()];
    }

    @Override
    public int label(int image) {
        return classes.label(part(image), of(image).label(within(image)));
    }

    @Override
    public Path name(int image) {
        return of(image).name(within(image));
    }

    @Override
    public Path file(int image) {
        return of(image).file(within(image));
    }

    @Override
    public Path path(int image) {
        return of(image).path(within(image));
    }

    @Override
    public boolean isFile(int image) {
        return of(image).isFile(within(image));
    }

    @Override
    public long bytes(int image) throws IOException {
        return of(image).bytes(within(image));
    }

    @Override
    public ImageFacts facts(int image) throws BrokenImageException {
        return of(image).facts(within(image));
    }

    @Override
    public void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        of(image).decode(within(image), decoder, out);
    }

    @Override
    public Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException {
        return of(image).encoded(within(image), room);
    }

    /// What an epoch draws, what became of the classes, and what is to be said of each source.
    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public Ordering ordering() {
        return ordering;
    }

    @Override
    public void close() {
        parts.forEach(ImageSource::close);
    }
}
