package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.OutputFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;

/// A `float32` matrix of zeros to which numbers are added in any order, in a mapped unfinished file that is put in
/// its place at [#commit]. Closing without a commit leaves nothing behind.
public final class NpyMatrixWriter implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int PIECE = 1 << 20;

    private final OutputFile file;
    private final int columns;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment data;
    private boolean open = true;

    private NpyMatrixWriter(OutputFile file, int columns, long offset, long bytes) throws IOException {
        this.file = file;
        this.columns = columns;
        this.data = file.channel().map(MapMode.READ_WRITE, offset, bytes, arena);
    }

    /// Begins a matrix `[rows, columns]`. All of its disk space is taken at once, so that a full disk is told here.
    public static NpyMatrixWriter create(Path path, long rows, int columns) throws IOException {
        var header = NpyHeader.format(NpyType.FLOAT32, List.of(rows, (long) columns), 0);
        var bytes = Math.multiplyExact(rows, (long) columns * Float.BYTES);
        var file = OutputFile.create(path);
        try {
            AtomicFile.writeFully(file.channel(), ByteBuffer.wrap(header));
            for (long done = 0; done < bytes; done += PIECE) {
                AtomicFile.writeFully(file.channel(), ByteBuffer.allocate((int) Math.min(PIECE, bytes - done)));
            }
            return new NpyMatrixWriter(file, columns, header.length, bytes);
        } catch (IOException e) {
            file.close();
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
        file.commit();
    }

    @Override
    public void close() throws IOException {
        release();
        file.close();
    }

    private void release() {
        if (open) {
            open = false;
            arena.close();
        }
    }
}
