package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/// A file that holds many images, as it was when they were listed.
///
/// @param file its real path
/// @param length in bytes
/// @param modified when it was last changed, in nanoseconds since 1970
public record Shard(Path file, long length, long modified) {
    /// A file as it is now.
    ///
    /// @throws BadInputException if there is no such file
    /// @throws IOException if it cannot be looked at
    public static Shard of(Path file) throws IOException {
        InputFile.require(file);
        return now(file.toRealPath());
    }

    private static Shard now(Path file) throws IOException {
        var found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Shard(file, found.size(), found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /// Makes sure that the file is still the one that was listed.
    ///
    /// @throws BadInputException if it is not, or is gone
    public void requireUnchanged() throws IOException {
        try {
            if (!now(file).equals(this)) {
                throw changed();
            }
        } catch (NoSuchFileException e) {
            throw new BadInputException(
                    Text.format("%s: vanished while its images were read, %,d bytes are missing", file, length), e);
        }
    }

    /// Reads a part of the file into memory of `room`. The file is opened for each part: it costs a hundredth of what
    /// decoding an image takes, and leaves no limit to the number of shards.
    ///
    /// @throws BadInputException if it is no longer the file that was listed
    public MemorySegment read(long offset, int count, SegmentAllocator room) throws IOException {
        requireUnchanged();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var part = room.allocate(count);
            if (FileParts.read(channel, offset, part.asByteBuffer()) < count) {
                throw changed();
            }
            return part;
        } catch (NoSuchFileException e) {
            requireUnchanged();
            throw e;
        }
    }

    private BadInputException changed() {
        return new BadInputException(Text.format(
                "%s: changed while its images were read, so what was listed of it holds no more; start again when it is complete",
                file));
    }
}
