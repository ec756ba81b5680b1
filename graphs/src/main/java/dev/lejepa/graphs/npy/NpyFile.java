package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Opens and writes whole `.npy` files.
public final class NpyFile {
    private NpyFile() {}

    /// Maps a file; the mapping is released when the array is no longer reachable. Bytes behind the last element, as a
    /// second array in the same file, are left alone.
    ///
    /// @throws BadInputException if the file is missing, no `.npy` of numbers, of another order, or too short
    public static NpyArray read(Path path) {
        var stored = map(path);
        if (stored.fortran()) {
            throw new BadInputException(path + ": fortran_order is True, expected C order (numpy.ascontiguousarray)");
        }
        return stored.array();
    }

    /// Maps a matrix in either order, to be read in pieces.
    ///
    /// @throws BadInputException as [#read] does, and if it is no matrix
    public static NpyMatrix matrix(Path path) {
        var stored = map(path);
        return new NpyMatrix(PathText.shown(path), stored.array(), stored.fortran());
    }

    /// An array in a file that is in memory already, as the members of an `.npz` are.
    ///
    /// @param name names it in messages
    /// @throws BadInputException if it is no `.npy` of numbers, or too short
    public static NpyView view(String name, MemorySegment file) {
        long length = NpyHeader.length(name, start(file, NpyHeader.PREFIX));
        if (length > file.byteSize()) {
            throw new BadInputException(name + ": cut off within its header");
        }
        NpyHeader header = NpyHeader.parse(name, start(file, length).array());
        NpyElement element = header.element();
        long expected = expectedBytes(name, header, file.byteSize());
        return new NpyView(
                element.type(),
                element.bigEndian(),
                header.fortran(),
                header.shape(),
                file.asSlice(header.dataOffset(), expected));
    }

    private static ByteBuffer start(MemorySegment file, long count) {
        return ByteBuffer.wrap(file.asSlice(0, Math.min(count, file.byteSize())).toArray(ValueLayout.JAVA_BYTE));
    }

    /// The bytes of all elements.
    private static long expectedBytes(String name, NpyHeader header, long fileBytes) {
        NpyType type = header.element().type();
        long expected = header.elements(name) * type.bytes();
        long found = fileBytes - header.dataOffset();
        if (found < expected) {
            throw new BadInputException(name + ": shape " + header.shape() + " of " + type.descr() + " needs "
                    + expected + " bytes of data, found " + found);
        }
        return expected;
    }

    private record Stored(NpyArray array, boolean fortran) {}

    private static Stored map(Path path) {
        InputFile.require(path);
        String name = PathText.shown(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = NpyHeader.length(name, bytes(channel, NpyHeader.PREFIX));
            if (length > channel.size()) {
                throw new BadInputException(name + ": cut off within its header");
            }
            NpyHeader header =
                    NpyHeader.parse(name, bytes(channel, (int) length).array());
            long expected = expectedBytes(name, header, channel.size());
            MemorySegment data = channel.map(MapMode.READ_ONLY, header.dataOffset(), expected, Arena.ofAuto());
            return new Stored(new NpyArray(name, header.element(), header.shape(), data), header.fortran());
        } catch (NoSuchFileException e) {
            throw new BadInputException(name + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    /// Writes a `float32` array of the given shape, replacing the file at once.
    public static void write(Path path, float[] data, int... shape) throws IOException {
        try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT32, rowShape(data.length, shape))) {
            writer.append(data, 0, data.length);
            writer.commit();
        }
    }

    /// Writes a `uint8` array of the given shape, replacing the file at once.
    public static void write(Path path, byte[] data, int... shape) throws IOException {
        try (NpyWriter writer = NpyWriter.create(path, NpyType.UINT8, rowShape(data.length, shape))) {
            writer.append(data, 0, data.length);
            writer.commit();
        }
    }

    /// Writes an `int64` array of the given shape, replacing the file at once.
    public static void write(Path path, long[] data, int... shape) throws IOException {
        try (NpyWriter writer = NpyWriter.create(path, NpyType.INT64, rowShape(data.length, shape))) {
            writer.append(data, 0, data.length);
            writer.commit();
        }
    }

    /// Writes a `float64` array of the given shape, replacing the file at once.
    public static void write(Path path, double[] data, int... shape) throws IOException {
        try (NpyWriter writer = NpyWriter.create(path, NpyType.FLOAT64, rowShape(data.length, shape))) {
            writer.append(data, 0, data.length);
            writer.commit();
        }
    }

    private static int[] rowShape(int length, int... shape) {
        long product = 1;
        for (int d : shape) {
            product *= d;
        }
        if (shape.length == 0 || product != length) {
            throw new IllegalArgumentException(length + " elements do not fill the shape " + Arrays.toString(shape));
        }
        int[] row = new int[shape.length - 1];
        System.arraycopy(shape, 1, row, 0, row.length);
        return row;
    }

    /// The first `count` bytes, or all where there are fewer.
    private static ByteBuffer bytes(FileChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, channel.size()));
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
            // a channel may return fewer bytes than asked for
        }
        return buffer.flip();
    }
}
