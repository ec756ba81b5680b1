package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// A [ShardIndex] as a file: magic, version, checksum of all that follows, length of the head, number of images; then
/// head, entries and names. Numbers are little-endian.
final class IndexFile {
    private static final long MAGIC = 0x5844_4941_504a_454cL; // "LEJPAIDX" as bytes
    private static final int VERSION = 1;

    private static final int CHECKSUM_AT = 12;
    private static final int CHECKED_FROM = 16;
    private static final int HEAD_AT = 24;

    /// A buffer holds less than 2 GiB.
    private static final long PIECE = 1 << 30;

    private IndexFile() {}

    /// Writes an index in full or leaves what was there.
    static void write(Path file, ShardIndex index) throws IOException {
        var head = index.head().bytes();
        var front = ByteBuffer.allocate(HEAD_AT).order(ByteOrder.LITTLE_ENDIAN);
        front.putLong(MAGIC).putInt(VERSION).putInt(0).putInt(head.length).putInt(index.size());
        var checksum = new CRC32C();
        checksum.update(front.array(), CHECKED_FROM, HEAD_AT - CHECKED_FROM);
        checksum.update(head);
        update(checksum, index.entries());
        update(checksum, index.names());
        front.putInt(CHECKSUM_AT, (int) checksum.getValue()).flip();
        AtomicFile.write(file, channel -> {
            AtomicFile.writeFully(channel, front);
            AtomicFile.writeFully(channel, ByteBuffer.wrap(head));
            write(channel, index.entries());
            write(channel, index.names());
        });
    }

    /// Maps an index. It stays mapped as long as anyone uses it.
    ///
    /// @throws IOException if the file is no index of this version, or damaged; the message says which
    static ShardIndex open(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
            if (all.byteSize() < HEAD_AT) {
                throw new EOFException("is cut off");
            }
            var front = all.asSlice(0, HEAD_AT).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            if (front.getLong() != MAGIC || front.getInt() != VERSION) {
                throw new IOException("was written by another version");
            }
            var checksum = new CRC32C();
            update(checksum, all.asSlice(CHECKED_FROM));
            if (front.getInt() != (int) checksum.getValue()) {
                throw new IOException("is damaged");
            }
            return index(all, front.getInt(), front.getInt());
        }
    }

    private static ShardIndex index(MemorySegment all, int headBytes, int images) throws IOException {
        var entries = HEAD_AT + (long) headBytes;
        var names = entries + images * IndexEntry.BYTES;
        return new ShardIndex(
                IndexHead.of(all.asSlice(HEAD_AT, headBytes).toArray(ValueLayout.JAVA_BYTE)),
                all.asSlice(entries, names - entries),
                all.asSlice(names));
    }

    private static void update(CRC32C checksum, MemorySegment bytes) {
        for (var at = 0L; at < bytes.byteSize(); at += PIECE) {
            checksum.update(
                    bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at)).asByteBuffer());
        }
    }

    private static void write(FileChannel channel, MemorySegment bytes) throws IOException {
        for (var at = 0L; at < bytes.byteSize(); at += PIECE) {
            AtomicFile.writeFully(
                    channel,
                    bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at)).asByteBuffer());
        }
    }
}
