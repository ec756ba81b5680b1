package dev.lejepa.graphs;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/// A file in the making: everything goes to an unfinished file, which [#commit] forces to the disk and puts in place.
/// Closing without a commit leaves what was there before, and nothing else.
///
/// A file is replaced behind its links and keeps its permissions. A pipe or a character device is not replaced but gets
/// the finished bytes. Unfinished files have names of their own, so that processes that write the same file do not meet,
/// and are locked while they grow: what a process left behind when it was killed is removed by the next that writes a
/// file to the folder.
public final class OutputFile implements AutoCloseable {
    private static final String PREFIX = ".lejepa-";
    private static final String SUFFIX = ".tmp";
    private static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");

    private final Destination destination;
    private final Path unfinished;
    private final FileChannel channel;

    private OutputFile(Destination destination, Path unfinished, FileChannel channel) {
        this.destination = destination;
        this.unfinished = unfinished;
        this.channel = channel;
    }

    /// Begins a file.
    ///
    /// @throws IOException where none can be written under this name: a folder has it, or it lies in none that may be
    ///     written
    public static OutputFile create(Path file) throws IOException {
        var destination = Destination.of(file);
        var folder = switch (destination) {
            case Destination.Replaced replaced -> replaced.folder();
            case Destination.Written _ -> Path.of(System.getProperty("java.io.tmpdir"));
        };
        try {
            removeAbandoned(folder);
            while (true) {
                var unfinished = folder.resolve(PREFIX + owner() + UUID.randomUUID() + SUFFIX);
                var channel = FileChannel.open(
                        unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                lock(channel);
                if (Files.notExists(unfinished)) {
                    channel.close(); // taken for an abandoned one before it was locked
                    continue;
                }
                if (destination instanceof Destination.Replaced(var target)) {
                    keepPermissions(target, unfinished);
                }
                return new OutputFile(destination, unfinished, channel);
            }
        } catch (FileSystemException e) {
            throw new IOException(
                    Text.format("%s: no file can be made in %s: %s", file, folder, FileFaults.reason(e)), e);
        }
    }

    /// Makes sure that files can be made in a folder, by making one.
    ///
    /// @throws IOException where none can
    public static void requireWritable(Path folder) throws IOException {
        create(folder.resolve(PREFIX + UUID.randomUUID())).close();
    }

    /// True of a pipe or a device, which gets bytes and has no name beside which others could stand.
    public static boolean isStream(Path file) throws IOException {
        return Destination.of(file) instanceof Destination.Written;
    }

    /// True of the name of an unfinished file, which no folder counts among what it holds.
    public static boolean isUnfinished(Path file) {
        var name = file.getFileName().toString();
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /// The unfinished file, empty and at position 0 in the beginning; readable too.
    public FileChannel channel() {
        return channel;
    }

    /// Puts the file in its place; when this returns it is on the disk.
    public void commit() throws IOException {
        channel.force(true);
        switch (destination) {
            case Destination.Replaced replaced -> {
                // before it is closed, and with that unlocked
                Files.move(
                        unfinished,
                        replaced.file(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                channel.close();
                AtomicFile.forceDirectory(replaced.folder());
            }
            case Destination.Written(var stream) -> send(stream);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(unfinished);
        }
    }

    /// What the names of this process's unfinished files have in front. Were one opened again, to see whether it is
    /// locked, closing it would end the lock.
    private static String owner() {
        var process = ProcessHandle.current();
        var start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return Text.format("%d-%d-", process.pid(), start);
    }

    private void send(Path stream) throws IOException {
        if (isStandardOutput(stream)) {
            // opened anew, it would begin at its start again
            sendTo(Channels.newChannel(new FileOutputStream(FileDescriptor.out)));
            return;
        }
        try (var out = FileChannel.open(stream, StandardOpenOption.WRITE)) {
            sendTo(out);
        }
    }

    private void sendTo(WritableByteChannel out) throws IOException {
        var size = channel.size();
        for (var sent = 0L; sent < size; ) {
            sent += channel.transferTo(sent, size - sent, out);
        }
    }

    private static boolean isStandardOutput(Path stream) throws IOException {
        return Files.exists(STANDARD_OUTPUT) && Files.isSameFile(stream, STANDARD_OUTPUT);
    }

    private static void removeAbandoned(Path folder) throws IOException {
        if (!Files.isReadable(folder)) {
            return;
        }
        var own = PREFIX + owner();
        try (var left = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (var file : left) {
                if (!file.getFileName().toString().startsWith(own)) {
                    removeIfAbandoned(file);
                }
            }
        }
    }

    private static void removeIfAbandoned(Path file) {
        try (var left = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (lock(left)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // another's file, or gone by now: harmless either way
        }
    }

    /// @return false where another process holds it, or the file system has no locks
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /// From the beginning, so that what nobody may read is never readable.
    private static void keepPermissions(Path target, Path unfinished) {
        try {
            if (Files.exists(target)) {
                var permissions = Files.getPosixFilePermissions(target);
                if (!permissions.equals(Files.getPosixFilePermissions(unfinished))) {
                    Files.setPosixFilePermissions(unfinished, Set.copyOf(permissions));
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            // a file system without permissions
        }
    }
}
