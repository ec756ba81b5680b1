package dev.lejepa.graphs.safetensors;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/// Writes a safetensors file. Equal tensors in equal order give equal bytes; the file appears under its name only when
/// it is complete and on the disk.
public final class SafetensorsWriter {
    /// Bytes in flight per thread: large enough for the disk, small beside any model.
    private static final long PIECE = 4 << 20;

    private record Entry(TensorInfo info, TensorData data) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> metadata;

    /// A file with the given free-form notes, which may be empty.
    public SafetensorsWriter(Map<String, String> metadata) {
        this.metadata = metadata;
    }

    /// Appends a tensor whose bytes are in memory; they are read when the file is written.
    public SafetensorsWriter add(TensorInfo info, MemorySegment bytes) {
        if (bytes.byteSize() != info.bytes()) {
            throw new IllegalArgumentException(Text.format(
                    "%s: %s takes %d bytes, given %d", info.name(), info.form(), info.bytes(), bytes.byteSize()));
        }
        return append(info, new TensorData.Resident(bytes));
    }

    /// Appends a tensor that is made while it is written.
    public SafetensorsWriter generate(TensorInfo info, TensorData.Filler filler) {
        return append(info, new TensorData.Generated(filler));
    }

    private SafetensorsWriter append(TensorInfo info, TensorData data) {
        if (!names.add(info.name()) || info.name().equals(Header.METADATA)) {
            throw new IllegalArgumentException("a second tensor named " + info.name());
        }
        entries.add(new Entry(info, data));
        return this;
    }

    /// Writes `file`, replacing what was there.
    ///
    /// @throws IOException where it could not be written, a full disk for instance; the previous file is untouched
    public void write(Path file) throws IOException {
        byte[] header = Header.encode(entries.stream().map(Entry::info).toList(), metadata);
        AtomicFile.write(file, channel -> {
            var start = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.writeFully(
                    channel, start.putLong(header.length).put(header).flip());
            long position = start.capacity();
            for (Entry entry : entries) {
                switch (entry.data()) {
                    case TensorData.Resident(var bytes) -> copy(bytes, channel, position);
                    case TensorData.Generated(var filler) -> generate(entry.info(), filler, channel, position);
                }
                position += entry.info().bytes();
            }
        });
    }

    /// Stays on this thread: memory of a confined arena may be read nowhere else.
    private static void copy(MemorySegment bytes, FileChannel channel, long position) throws IOException {
        try (var arena = Arena.ofConfined()) {
            MemorySegment staging = bytes.isNative() ? MemorySegment.NULL : arena.allocate(PIECE);
            for (long at = 0; at < bytes.byteSize(); at += PIECE) {
                MemorySegment piece = bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at));
                MemorySegment direct = bytes.isNative()
                        ? piece
                        : staging.asSlice(0, piece.byteSize()).copyFrom(piece);
                writeAt(channel, direct, position + at);
            }
        }
    }

    private static void generate(TensorInfo info, TensorData.Filler filler, FileChannel channel, long position)
            throws IOException {
        long bytes = info.bytes();
        try {
            LongStream.range(0, Math.ceilDiv(bytes, PIECE)).parallel().forEach(index -> {
                long at = index * PIECE;
                try (var arena = Arena.ofConfined()) {
                    MemorySegment piece = arena.allocate(Math.min(PIECE, bytes - at), Long.BYTES);
                    filler.fill(piece, at / info.type().bytes());
                    writeAt(channel, piece, position + at);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            throw new IOException(info.name() + ": " + cause.getMessage(), cause);
        }
    }

    private static void writeAt(FileChannel channel, MemorySegment bytes, long position) throws IOException {
        ByteBuffer buffer = bytes.asByteBuffer();
        while (buffer.hasRemaining()) {
            channel.write(buffer, position + buffer.position());
        }
    }
}
