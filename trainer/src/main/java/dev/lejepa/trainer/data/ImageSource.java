package dev.lejepa.trainer.data;

import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// An ordered list of images with their classes. The number of an image is its identity in every random draw. Sources
/// do not change, and many threads read them at once.
public interface ImageSource {
    /// The label of an image without a class.
    int UNLABELLED = -1;

    /// Where the images lie: a folder.
    Path root();

    /// Class names by label; empty if unlabelled.
    List<String> classes();

    /// The number of images.
    int size();

    /// The label of an image, [#UNLABELLED] if it has none.
    int label(int image);

    /// What an image is called, relative to the root. One that lies in a file with others has the name of that file and
    /// its place in it: `data_batch_1.bin/17`.
    Path name(int image);

    /// Bytes that an image takes where it lies.
    ///
    /// @throws IOException if there is no such file
    long bytes(int image) throws IOException;

    /// Pixels of an image, by what is known of it before it is decoded.
    ///
    /// @param atMost an image that claims more is refused
    /// @throws BrokenImageException if it cannot be read
    long pixels(int image, long atMost) throws BrokenImageException;

    /// Decodes an image into `out`, which takes its size.
    ///
    /// @param decoder of the calling thread
    /// @throws BrokenImageException if it cannot be read
    void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException;

    /// What a person may not expect of the images, one line each.
    List<String> notes();

    default boolean isLabelled() {
        return !classes().isEmpty();
    }

    /// The name of an image with the root before it.
    default Path path(int image) {
        return root().resolve(name(image));
    }

    /// The file that an image lies in.
    Path file(int image);
}
