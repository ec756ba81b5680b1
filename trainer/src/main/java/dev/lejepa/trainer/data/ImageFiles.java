package dev.lejepa.trainer.data;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Images that are files, one each: where its name says.
public interface ImageFiles extends ImageSource {
    /// The folder that names are relative to.
    Path root();

    @Override
    default String place() {
        return PathText.shown(root());
    }

    @Override
    default Path file(int image) {
        return root().resolve(name(image));
    }

    @Override
    default long bytes(int image) throws IOException {
        return Files.size(file(image));
    }

    @Override
    default long pixels(int image, long atMost) throws BrokenImageException {
        ImageHeader header = ImageHeader.read(file(image));
        header.requireAtMost(atMost, PathText.shown(name(image)));
        return header.pixels();
    }

    @Override
    default void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        decoder.decode(file(image), out);
    }
}
