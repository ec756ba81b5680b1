package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import java.nio.file.Files;
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

    /// Image files.
    ///
    /// @param root that names are relative to
    /// @param notes what a person may not expect of the folder
    record Images(Path root, List<Path> files, List<String> notes) implements PictureSource {
        public Images {
            files = List.copyOf(files);
            notes = List.copyOf(notes);
        }

        /// Chosen files, of which nothing is to be noted.
        public Images(Path root, List<Path> files) {
            this(root, files, List.of());
        }

        @Override
        public int size() {
            return files.size();
        }

        @Override
        public String name(int image) {
            return PathText.shown(root.relativize(files.get(image)));
        }

        @Override
        public RgbImage decode(int image) throws BrokenImageException {
            var out = new RgbImage();
            new ImageDecoder().decode(files.get(image), out);
            return out;
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

    /// One image, or all below a folder in bytewise order of their paths.
    ///
    /// @throws BadInputException if there is no such file or folder, or the folder has no images
    static Images of(Path place) {
        if (Files.isRegularFile(place)) {
            var file = place.toAbsolutePath();
            return new Images(file.resolveSibling(""), List.of(file));
        }
        if (!Files.exists(place)) {
            throw new BadInputException(
                    Text.format("%s: no such file or folder, expected an image or a folder of images", place));
        }
        var folder = ImageFolder.withoutClasses(place);
        var files = IntStream.range(0, folder.size()).mapToObj(folder::path).toList();
        return new Images(place, files, folder.notes());
    }
}
