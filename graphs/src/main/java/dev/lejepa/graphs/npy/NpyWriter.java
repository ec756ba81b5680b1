package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.OutputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Streams rows into a `.npy` file whose first dimension is known only at the end.
///
/// The rows go to an unfinished file; [#commit] writes the final header, forces everything to disk and puts it in place.
/// Closing without a commit leaves no file behind.
public final class NpyWriter implements AutoCloseable {
    /// Room for any number of rows, so that the header can be rewritten in place.
    private static final int HEADER = 256;

    private static final int BUFFER = 1 << 16;

    private final Path target;
    private final OutputFile file;
    private final NpyType type;
    private final List<Long> rowShape;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long elements;

    private NpyWriter(Path target, OutputFile file, NpyType type, List<Long> rowShape) throws IOException {
        this.target = target;
        this.file = file;
        this.type = type;
        this.rowShape = rowShape;
        file.channel().position(HEADER);
    }

    /// Begins a file of rows with the given shape (none for a vector).
    public static NpyWriter create(Path target, NpyType type, int... rowShape) throws IOException {
        List<Long> row = new ArrayList<>();
        for (int d : rowShape) {
            row.add((long) d);
        }
        return new NpyWriter(target, OutputFile.create(target), type, List.copyOf(row));
    }

    /// Appends elements of a `float32` file: whole rows, or parts of them one after another.
    public void append(float[] data, int from, int count) throws IOException {
        require(NpyType.FLOAT32, count);
        for (int i = from; i < from + count; i++) {
            room(Float.BYTES).putFloat(data[i]);
        }
    }

    /// Appends elements of a `float64` file.
    public void append(double[] data, int from, int count) throws IOException {
        require(NpyType.FLOAT64, count);
        for (int i = from; i < from + count; i++) {
            room(Double.BYTES).putDouble(data[i]);
        }
    }

    /// Appends elements of an `int64` file.
    public void append(long[] data, int from, int count) throws IOException {
        require(NpyType.INT64, count);
        for (int i = from; i < from + count; i++) {
            room(Long.BYTES).putLong(data[i]);
        }
    }

    /// Appends elements of an `int32` file.
    public void append(int[] data, int from, int count) throws IOException {
        require(NpyType.INT32, count);
        for (int i = from; i < from + count; i++) {
            room(Integer.BYTES).putInt(data[i]);
        }
    }

    /// Appends elements of a `uint8` file.
    public void append(byte[] data, int from, int count) throws IOException {
        require(NpyType.UINT8, count);
        for (int i = from; i < from + count; i++) {
            room(1).put(data[i]);
        }
    }

    /// Completes the file under its final name.
    public void commit() throws IOException {
        flush();
        long perRow = rowShape.stream().reduce(1L, (a, b) -> a * b);
        long rows = perRow == 0 ? 0 : elements / perRow;
        if (rows * perRow != elements) {
            throw new IllegalStateException(target + ": " + elements + " elements are no whole rows of " + rowShape);
        }
        List<Long> shape = new ArrayList<>(List.of(rows));
        shape.addAll(rowShape);
        file.channel().position(0);
        AtomicFile.writeFully(file.channel(), ByteBuffer.wrap(NpyHeader.format(type, shape, HEADER)));
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void require(NpyType given, int count) {
        if (given != type) {
            throw new IllegalArgumentException(target + " holds " + type.descr() + ", not " + given.descr());
        }
        elements += count;
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        AtomicFile.writeFully(file.channel(), buffer.flip());
        buffer.clear();
    }
}
