package dev.lejepa.trainer.data;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// An ordered list of images with their classes: all that anyone who reads images knows of them. The number of an image
/// is its identity in every random draw. Sources do not change, and many threads read them at once. Whoever opens one
/// closes it, when nobody reads it any more.
public interface ImageSource extends AutoCloseable {
    /// The label of an image without a class.
    int UNLABELLED = -1;

    /// What messages call the source, on one line: the folder, the pattern of shards.
    String place();

    /// Class names by label; empty if unlabelled.
    List<String> classes();

    /// The number of images.
    int size();

    /// The label of an image, [#UNLABELLED] if it has none.
    int label(int image);

    /// What an image is called, relative to where the source begins. One that lies in a file with others has the name of
    /// that file before its own name or number there: `train-0000.tar/n01440764/n01440764_10026.JPEG`,
    /// `data_batch_1.bin/17`.
    Path name(int image);

    /// The file that an image lies in, alone or with others.
    Path file(int image);

    /// Bytes that an image takes where it lies.
    ///
    /// @throws IOException if there is no such file
    long bytes(int image) throws IOException;

    /// What is known of an image before it is decoded. Asked of every image before a run, so a source that has an index
    /// answers from it.
    ///
    /// @throws BrokenImageException if it cannot be read
    ImageFacts facts(int image) throws BrokenImageException;

    /// Pixels of an image, by these facts.
    ///
    /// @param atMost an image that claims more is refused
    /// @throws BrokenImageException if it cannot be read
    default long pixels(int image, long atMost) throws BrokenImageException {
        ImageFacts facts = facts(image);
        long pixels = (long) facts.width() * facts.height();
        if (pixels > atMost) { // names are made only where they are told: there may be millions
            ImageHeader.requireAtMost(facts.width(), facts.height(), atMost, PathText.shown(name(image)));
        }
        return pixels;
    }

    /// Decodes an image into `out`, which takes its size.
    ///
    /// @param decoder of the calling thread
    /// @throws BrokenImageException if it cannot be read
    void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException;

    /// The bytes of an image's file; nothing where it is none but bare pixels.
    ///
    /// @param room has the memory of the result
    /// @throws BrokenImageException if they cannot be read
    Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException;

    /// What a person may not expect of the images, one line each.
    List<String> notes();

    default boolean isLabelled() {
        return !classes().isEmpty();
    }

    /// The images that are read together, where reading one alone is dear; nothing where any image is as near as the
    /// next.
    default Optional<Blocks> blocks() {
        return Optional.empty();
    }

    /// In which orders epochs may visit the images.
    default Ordering ordering() {
        return blocks()
                .filter(Blocks::matter)
                .<Ordering>map(Ordering.InBlocks::new)
                .orElseGet(() -> new Ordering.Free(size()));
    }

    /// Where an image lies: its file, or the file that it shares and its name in that.
    default Path path(int image) {
        Path file = file(image);
        Path name = name(image);
        for (int shared = name.getNameCount(); shared > 0; shared--) {
            if (file.endsWith(name.subpath(0, shared))) {
                return shared == name.getNameCount() ? file : file.resolve(name.subpath(shared, name.getNameCount()));
            }
        }
        return file.resolve(name);
    }

    /// Whether an image is a file of its own.
    default boolean isFile(int image) {
        return path(image).equals(file(image));
    }

    /// Gives back files that are open or mapped, if there are any. To do it again does nothing.
    @Override
    default void close() {}
}
