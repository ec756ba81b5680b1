package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Makes plain files of compressed ones, once, since an image in the middle of these cannot be reached. They lie in the
/// cache, beside the indexes, until the compressed file changes.
///
/// @param room how many bytes may still be written to the folder
record Unpacker(Path folder, Room room, Consumer<String> words) {
    /// The bytes that a folder has left.
    @FunctionalInterface
    interface Room {
        long left(Path folder) throws IOException;
    }

    /// What is left to others.
    private static final long RESERVE = 1L << 30;

    /// Bytes between two looks at the room.
    private static final int PIECE = 16 << 20;

    private static final double MEGABYTE = 1e6;

    /// A compressed file, and the plain one that it becomes.
    private record Packed(Path file, Packing packing, Shard shard, Path plain) {}

    static Unpacker of(Path folder, Consumer<String> words) {
        return new Unpacker(folder, place -> Files.getFileStore(place).getUsableSpace(), words);
    }

    /// The plain files of some files, in their order: what is not compressed stays where it is.
    ///
    /// @throws BadInputException if one is no file, or damaged
    /// @throws IOException if there is no room for them
    List<Path> plain(List<Path> files) throws IOException {
        var plain = new ArrayList<Path>();
        var missing = new ArrayList<Packed>();
        for (var file : files) {
            var shard = Shard.of(file);
            var packing = packing(file);
            var place = packing == Packing.NONE ? file : place(shard);
            plain.add(place);
            if (packing != Packing.NONE && Files.notExists(place)) {
                missing.add(new Packed(file, packing, shard, place));
            }
        }
        if (!missing.isEmpty()) {
            unpack(missing);
        }
        return plain;
    }

    private static Packing packing(Path file) {
        try {
            return Packing.of(file);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot be read (%s)", file, FileFaults.reason(e)), e);
        }
    }

    private Path place(Shard shard) {
        return folder.resolve(Text.format("%s-%x-%x.tar", name(shard), shard.length(), shard.modified()));
    }

    private static String name(Shard shard) {
        return CacheName.of(List.of(PathText.bytes(shard.file())));
    }

    private void unpack(List<Packed> missing) throws IOException {
        var bytes = missing.stream().mapToLong(file -> file.shard().length()).sum();
        var shown = missing.size() == 1
                ? PathText.shown(missing.getFirst().file())
                : Text.format("%s and %,d more", missing.getFirst().file(), missing.size() - 1);
        words.accept(Text.format("unpacking %s (%,.0f MB) into %s, once", shown, Math.ceil(bytes / MEGABYTE), folder));
        makeFolder();
        requireRoom(bytes);
        try {
            var unpacked = missing.parallelStream().mapToLong(this::unpackOne).sum();
            words.accept(Text.format("unpacked: %,.0f MB", Math.ceil(unpacked / MEGABYTE)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void makeFolder() throws IOException {
        try {
            OutputFile.requireWritable(Files.createDirectories(folder));
        } catch (IOException e) {
            throw new IOException(
                    Text.format(
                            "cannot be unpacked, as %s cannot be written (%s); XDG_CACHE_HOME names another folder",
                            folder, FileFaults.reason(e)),
                    e);
        }
    }

    private long unpackOne(Packed packed) {
        try (var output = OutputFile.create(packed.plain());
                var in = Files.newInputStream(packed.file());
                var contents = open(packed, in)) {
            removeOlder(packed);
            var bytes = write(packed, contents, output.channel());
            if (Files.notExists(packed.plain())) { // else another process reads it already
                output.commit();
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long write(Packed packed, InputStream contents, FileChannel channel) throws IOException {
        var piece = ByteBuffer.allocate(PIECE);
        var bytes = 0L;
        for (var count = read(packed, contents, piece); count > 0; count = read(packed, contents, piece)) {
            requireRoom(count);
            AtomicFile.writeFully(channel, piece.clear().limit(count));
            bytes += count;
        }
        return bytes;
    }

    private static InputStream open(Packed packed, InputStream in) {
        try {
            return packed.packing().unpacked(new BufferedInputStream(in, PIECE));
        } catch (IOException e) {
            throw damaged(packed, e);
        }
    }

    private static int read(Packed packed, InputStream contents, ByteBuffer piece) {
        try {
            return contents.readNBytes(piece.array(), 0, PIECE);
        } catch (IOException e) {
            throw damaged(packed, e);
        }
    }

    private static BadInputException damaged(Packed packed, IOException fault) {
        return new BadInputException(
                Text.format(
                        "%s: is damaged or cut off, cannot be unpacked: %s", packed.file(), FileFaults.reason(fault)),
                fault);
    }

    private void requireRoom(long bytes) throws IOException {
        var left = room.left(folder);
        if (left - bytes < RESERVE) {
            throw new IOException(Text.format(
                    "cannot be unpacked, as %s has %,.0f MB left, of which %,.0f stay free; unpack it elsewhere, or let XDG_CACHE_HOME name another folder",
                    folder, left / MEGABYTE, RESERVE / MEGABYTE));
        }
    }

    /// What the file was unpacked to before it changed.
    private void removeOlder(Packed packed) throws IOException {
        try (var older = Files.newDirectoryStream(folder, name(packed.shard()) + "-*.tar")) {
            for (var file : older) {
                if (!file.equals(packed.plain())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
