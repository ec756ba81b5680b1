package dev.lejepa.graphs.safetensors;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// An open safetensors file, mapped into memory: tensors are slices of the mapping, read from the disk when touched.
/// Everything about its layout is checked when it is opened.
public final class SafetensorsFile implements AutoCloseable {
    private static final long LARGEST_HEADER = 100_000_000;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final Header header;
    private final MemorySegment data;

    private SafetensorsFile(Path path, Arena arena, Header header, MemorySegment data) {
        this.path = path;
        this.arena = arena;
        this.header = header;
        this.data = data;
    }

    /// Opens `path`.
    ///
    /// @throws BadInputException where it is missing, cut off or no safetensors file
    public static SafetensorsFile open(Path path) throws IOException {
        InputFile.require(path);
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            SafetensorsFile file = map(path, channel, arena);
            file.checkLayout();
            return file;
        } catch (BadInputException | IOException e) {
            arena.close();
            throw e;
        }
    }

    private static SafetensorsFile map(Path path, FileChannel channel, Arena arena) throws IOException {
        long size = channel.size();
        if (size < Long.BYTES) {
            throw new BadInputException(Text.format("%s: not a safetensors file, it has only %d bytes", path, size));
        }
        MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        long length = all.get(LENGTH, 0);
        if (length < 2 || length > LARGEST_HEADER) {
            throw new BadInputException(Text.format(
                    "%s: not a safetensors file, it starts with a header length of %s",
                    path, Long.toUnsignedString(length)));
        }
        if (length > size - Long.BYTES) {
            throw new BadInputException(Text.format(
                    "%s: cut off, its header alone takes %d bytes and the file has %d",
                    path, length + Long.BYTES, size));
        }
        byte[] json = all.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        return new SafetensorsFile(
                path, arena, Header.decode(json, PathText.shown(path)), all.asSlice(Long.BYTES + length));
    }

    /// Every tensor is as long as its shape says, and together they cover the data without gaps.
    private void checkLayout() {
        List<Header.Placed> placed = header.tensors().values().stream()
                .sorted(Comparator.comparingLong(Header.Placed::begin).thenComparingLong(Header.Placed::end))
                .toList();
        long position = 0;
        for (Header.Placed tensor : placed) {
            long expected = sizeOf(tensor.info());
            if (tensor.begin() != position || tensor.end() - tensor.begin() != expected) {
                throw bad(Text.format(
                        "tensor %s %s at bytes %d to %d where %s takes %d bytes from %d",
                        tensor.info().name(),
                        tensor.begin() < position ? "overlaps another: it lies" : "lies",
                        tensor.begin(),
                        tensor.end(),
                        tensor.info().form(),
                        expected,
                        position));
            }
            if (tensor.end() > data.byteSize()) {
                throw bad(Text.format(
                        "cut off inside tensor %s, which ends at byte %d of the data where the file has %d",
                        tensor.info().name(), tensor.end(), data.byteSize()));
            }
            position = tensor.end();
        }
        if (position != data.byteSize()) {
            throw bad(Text.format("%d bytes after the last tensor belong to none", data.byteSize() - position));
        }
    }

    private long sizeOf(TensorInfo info) {
        try {
            return info.bytes();
        } catch (ArithmeticException e) {
            throw bad(Text.format("tensor %s has the impossible shape %s", info.name(), info.shape()));
        }
    }

    /// The file this was opened from.
    public Path path() {
        return path;
    }

    /// The names of all tensors, in the order of the header.
    public SequencedSet<String> names() {
        return header.tensors().sequencedKeySet();
    }

    /// All tensors by name, in the order of the header.
    public SequencedMap<String, TensorInfo> tensors() {
        var infos = new LinkedHashMap<String, TensorInfo>();
        header.tensors().forEach((name, placed) -> infos.put(name, placed.info()));
        return infos;
    }

    /// The free-form notes.
    public SequencedMap<String, String> metadata() {
        return header.metadata();
    }

    /// What is known of the tensor `name`, if the file has it.
    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(header.tensors().get(name)).map(Header.Placed::info);
    }

    /// The bytes of the tensor `name`, little-endian and possibly unaligned, valid until this file is closed.
    ///
    /// @throws BadInputException where the file has no such tensor
    public MemorySegment bytes(String name) {
        Header.Placed placed = header.tensors().get(name);
        if (placed == null) {
            throw bad(Text.format(
                    "no tensor named %s among its %d", name, header.tensors().size()));
        }
        return data.asSlice(placed.begin(), placed.end() - placed.begin());
    }

    /// The bytes of a tensor that must be there in this very format and shape.
    ///
    /// @throws BadInputException where it is missing or another
    public MemorySegment bytes(TensorInfo expected) {
        MemorySegment bytes = bytes(expected.name());
        TensorInfo found = find(expected.name()).orElseThrow();
        if (!found.equals(expected)) {
            throw bad(Text.format("tensor %s is %s where %s is expected", found.name(), found.form(), expected.form()));
        }
        return bytes;
    }

    /// A copy of an `F32` tensor.
    public float[] floats(String name) {
        return typed(name, ElementType.F32)
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    /// A copy of an `F64` tensor.
    public double[] doubles(String name) {
        return typed(name, ElementType.F64)
                .toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    /// A copy of an `I64` tensor.
    public long[] longs(String name) {
        return typed(name, ElementType.I64).toArray(LENGTH);
    }

    private MemorySegment typed(String name, ElementType type) {
        MemorySegment bytes = bytes(name);
        TensorInfo found = find(name).orElseThrow();
        if (found.type() != type) {
            throw bad(Text.format("tensor %s is %s where %s is expected", name, found.type(), type));
        }
        return bytes;
    }

    private BadInputException bad(String problem) {
        return new BadInputException(PathText.shown(path) + ": " + problem);
    }

    /// Unmaps the file; no slice may be used afterwards.
    @Override
    public void close() {
        arena.close();
    }
}
