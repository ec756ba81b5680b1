package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Images in an order, each decoded when it is asked for.
public sealed interface PictureSource {
    int size();

    /// What messages call an image.
    String name(int image);

    /// Decodes an image.
    ///
    /// @throws BrokenImageException if it cannot be read
    RgbImage decode(int image) throws BrokenImageException;

    /// Chosen images of a source.
    ///
    /// @param numbers of the images in their source
    record Images(ImageSource source, List<Integer> numbers) implements PictureSource, AutoCloseable {
        public Images {
            numbers = List.copyOf(numbers);
        }

        /// All images of a source.
        public Images(ImageSource source) {
            this(source, IntStream.range(0, source.size()).boxed().toList());
        }

        @Override
        public int size() {
            return numbers.size();
        }

        /// The name of an image in its source.
        public Path path(int image) {
            return source.name(numbers.get(image));
        }

        @Override
        public String name(int image) {
            return PathText.shown(path(image));
        }

        @Override
        public RgbImage decode(int image) throws BrokenImageException {
            return decoded(source, numbers.get(image));
        }

        /// Closes the source.
        @Override
        public void close() {
            source.close();
        }
    }

    /// The frames of a GIF.
    record Frames(Path file, GifFrames gif) implements PictureSource {
        @Override
        public int size() {
            return gif.frames().size();
        }

        @Override
        public String name(int image) {
            return Text.format("frame %d of %s", image + 1, PathText.shown(file));
        }

        @Override
        public RgbImage decode(int image) {
            return gif.frames().get(image);
        }
    }

    /// One image, or all that a text names: of a folder all below it, in bytewise order of their paths.
    ///
    /// @param door opens them
    /// @throws dev.lejepa.graphs.BadInputException if there is no such file or folder, or the folder has no images
    static Images of(String text, Sources door) throws IOException {
        return new Images(door.openPictures(text));
    }

    private static RgbImage decoded(ImageSource source, int image) throws BrokenImageException {
        var out = new RgbImage();
        try {
            source.decode(image, new ImageDecoder(), out);
            return out;
        } catch (BrokenImageException e) {
            out.close();
            throw e;
        }
    }

    /// An image that was read before, reduced or enlarged to touch the edges of a square of `side` pixels.
    static RgbImage fitted(ImageSource source, int image, int side) throws IOException {
        try (var whole = decoded(source, image)) {
            return Paper.fitted(whole, side);
        } catch (BrokenImageException e) {
            // it was readable when its features were computed
            throw new IOException(Text.format("%s: %s", PathText.shown(source.path(image)), e.reason()), e);
        }
    }
}
