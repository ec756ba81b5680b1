package dev.lejepa.trainer.data;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

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
    default ImageFacts facts(int image) throws BrokenImageException {
        return ImageFacts.of(ImageHeader.read(file(image)));
    }

    @Override
    default void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        decoder.decode(file(image), out);
    }

    @Override
    default Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException {
        String name = PathText.shown(name(image));
        try (FileChannel channel = FileChannel.open(file(image), StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE - 8) {
                throw new BrokenImageException(name, "larger than 2 GiB");
            }
            MemorySegment bytes = room.allocate(size);
            ByteBuffer into = bytes.asByteBuffer();
            while (into.hasRemaining() && channel.read(into) >= 0) {
                // a channel may return fewer bytes than asked for
            }
            return Optional.of(bytes.asSlice(0, into.position()));
        } catch (IOException e) {
            throw new BrokenImageException(name, Text.format("cannot be read (%s)", FileFaults.reason(e)), e);
        }
    }
}
