package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.AtomicFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/// A `float32` matrix of zeros to which numbers are added in any order, in a mapped file beside the target that takes
/// its name at [#commit]. Closing without a commit leaves nothing behind.
public final class NpyMatrixWriter implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PIECE = 1 << 20;

    private final Path target;
    private final Path temporary;
    private final int columns;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private boolean open = true;

    private NpyMatrixWriter(Path target, Path temporary, int columns, FileChannel channel, long offset, long bytes)
            throws IOException {
        this.target = target;
        this.temporary = temporary;
        this.columns = columns;
        this.data = channel.map(MapMode.READ_WRITE, offset, bytes, arena);
    }

    /// Begins a matrix `[rows, columns]`. All of its disk space is taken at once, so that a full disk is told here.
    public static NpyMatrixWriter create(Path file, long rows, int columns) throws IOException {
        var target = file.toAbsolutePath();
        var temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        var header = NpyHeader.format(NpyType.FLOAT32, List.of(rows, (long) columns), 0);
        var bytes = Math.multiplyExact(rows, (long) columns * Float.BYTES);
        try (var channel = FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
            for (long done = 0; done < bytes; done += PIECE) {
                AtomicFile.writeFully(channel, ByteBuffer.allocate((int) Math.min(PIECE, bytes - done)));
            }
            return new NpyMatrixWriter(target, temporary, columns, channel, header.length, bytes);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /// Adds to one element.
    public void add(long row, int column, float value) {
        var at = (row * columns + column) * Float.BYTES;
        data.set(FLOAT, at, data.get(FLOAT, at) + value);
    }

    /// Completes the file under its final name.
    public void commit() throws IOException {
        data.force();
        release();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        AtomicFile.forceDirectory(Objects.requireNonNull(target.getParent(), "a file has a folder"));
    }

    @Override
    public void close() throws IOException {
        release();
        Files.deleteIfExists(temporary);
    }

    private void release() {
        if (open) {
            open = false;
            arena.close();
        }
    }
}
