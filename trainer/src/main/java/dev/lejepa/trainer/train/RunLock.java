package dev.lejepa.trainer.train;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The right to write into a folder: one process has it at a time, and it ends with its process.
///
/// It is a lock of the file system on `run.lock`, beside which `run.holder` names the process. Where the file system
/// has no locks, or may not share them with the other machines that it is mounted on, the holder also says every few
/// seconds that it is still there, by counting up in `run.holder`; one that another machine's process has not seen
/// doing so for a while is taken for gone. No time of day is compared: clocks differ, and jump. Readers need none of
/// this.
public final class RunLock implements AutoCloseable {
    private static final String LOCK = "run.lock";
    private static final String HOLDER = "run.holder";

    private static final long POLL_MILLIS = 200;

    private final Path folder;
    private final List<Path> madeFolders;
    private final Optional<FileChannel> channel;
    private final LockHolder self;
    private final Optional<Thread> renewal;
    private volatile @Nullable LockHolder successor;

    private RunLock(
            Path folder, List<Path> madeFolders, Optional<FileChannel> channel, LockHolder self, FileLocks locks)
            throws IOException {
        this.folder = folder;
        this.madeFolders = madeFolders;
        this.channel = channel;
        this.self = self;
        var lastWord = channel.isPresent() && locks.trust().in(folder);
        this.renewal = lastWord
                ? Optional.empty()
                : Optional.of(Thread.ofPlatform().daemon().name("run-lock").start(() -> renew(locks)));
    }

    /// Takes a folder, which is made where it is missing.
    ///
    /// @param words told where it takes time
    /// @throws BadInputException if another process has it; the message says which
    /// @throws IOException if the folder cannot be written
    public static RunLock take(Path folder, Consumer<String> words) throws IOException, InterruptedException {
        return take(folder, words, FileLocks.system());
    }

    static RunLock take(Path folder, Consumer<String> words, FileLocks locks) throws IOException, InterruptedException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new BadInputException(Text.format("%s: is a file, must be a folder", folder));
        }
        var made = missing(folder);
        Files.createDirectories(folder);
        var self = LockHolder.self(InstantSource.system().instant());
        var file = folder.resolve(HOLDER);
        try {
            // before the lock is touched: closing a file ends all locks that its process has on it
            var same = LockHolder.read(file).filter(self::sameProcess);
            if (same.isPresent()) {
                throw held(folder, same);
            }
            var channel = lock(folder, locks);
            try {
                requireGone(folder, self, channel.isPresent(), words, locks);
                self.write(file);
                if (channel.isEmpty()) {
                    Thread.sleep(locks.settling());
                    var now = LockHolder.read(file);
                    if (now.filter(other -> other.token().equals(self.token())).isEmpty()) {
                        throw held(folder, now);
                    }
                }
                return new RunLock(folder, made, channel, self, locks);
            } catch (IOException | InterruptedException | RuntimeException e) {
                if (channel.isPresent()) {
                    channel.get().close();
                }
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            remove(made);
            throw e;
        }
    }

    /// Whether an entry of a folder is a lock's, so that the folder may count as empty.
    static boolean isOf(Path entry) {
        var name = entry.getFileName().toString();
        return name.equals(LOCK) || name.equals(HOLDER);
    }

    /// Ends the program if another process took the folder because this one seemed gone: it slept, or the file system
    /// did.
    ///
    /// @throws UncheckedIOException then
    public void requireHeld() {
        var other = successor;
        if (other != null) {
            var message = Text.format(
                    "%s: was taken over by %s while this process was not heard of; nothing more is written here",
                    folder, other.describe());
            throw new UncheckedIOException(message, new IOException(message));
        }
    }

    /// Gives the folder back, and removes it where it was made for this and nothing was written.
    @Override
    public void close() {
        renewal.ifPresent(RunLock::end);
        try (var held = channel.orElse(null)) {
            if (successor == null) {
                // while the lock is held: whoever waits for it finds the file gone and makes a new one
                Files.deleteIfExists(folder.resolve(HOLDER));
                Files.deleteIfExists(folder.resolve(LOCK));
                remove(madeFolders);
            }
        } catch (IOException e) {
            // what is left names a process that has ended, which keeps nobody out
            return;
        }
    }

    /// Waits too: it might name this process in the folder once more.
    private static void end(Thread renewal) {
        renewal.interrupt();
        try {
            renewal.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The lock of the file system.
    ///
    /// @return nothing where the file system has none
    private static Optional<FileChannel> lock(Path folder, FileLocks locks) throws IOException {
        var file = folder.resolve(LOCK);
        while (true) {
            var key = key(file);
            try {
                var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var taken = tryLock(folder, channel, locks);
                if (!taken) {
                    channel.close();
                    return Optional.empty();
                }
                if (key.equals(key(file))) {
                    return Optional.of(channel);
                }
                channel.close();
            } catch (NoSuchFileException e) {
                // the one who had it removed the file just now
                continue;
            }
        }
    }

    private static boolean tryLock(Path folder, FileChannel channel, FileLocks locks) throws IOException {
        try {
            if (locks.locking().tryLock(channel) != null) {
                return true;
            }
        } catch (OverlappingFileLockException e) {
            // another thread of this process, which is told as another process is
        } catch (IOException e) {
            return false;
        }
        channel.close();
        throw held(folder, LockHolder.read(folder.resolve(HOLDER)));
    }

    /// What tells a file from another one of the same name.
    private static Object key(Path file) throws IOException {
        while (true) {
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                // as good
            }
            try {
                var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
                return key == null ? file : key;
            } catch (NoSuchFileException e) {
                continue;
            }
        }
    }

    /// Refuses where the last holder may be at work although the lock, if there is one, could be had.
    private static void requireGone(
            Path folder, LockHolder self, boolean locked, Consumer<String> words, FileLocks locks)
            throws IOException, InterruptedException {
        var file = folder.resolve(HOLDER);
        var last = LockHolder.read(file);
        if (last.isEmpty() || locked && (locks.trust().in(folder) || self.sameBoot(last.get()))) {
            return;
        }
        if (self.sees(last.get())) {
            if (last.get().runs()) {
                throw held(folder, last);
            }
            return;
        }
        words.accept(Text.format(
                "%s was in use by %s; waiting %d s to see whether it still is",
                folder, last.get().describe(), locks.watch().toSeconds()));
        var end = System.nanoTime() + locks.watch().toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(POLL_MILLIS);
            var now = LockHolder.read(file);
            if (now.isPresent() && !now.equals(last)) {
                throw held(folder, now);
            }
        }
    }

    /// Says again and again that this process is still there.
    private void renew(FileLocks locks) {
        var file = folder.resolve(HOLDER);
        var last = self;
        while (true) {
            try {
                Thread.sleep(locks.renewal());
                var now = LockHolder.read(file);
                if (now.isPresent() && !now.get().token().equals(self.token())) {
                    successor = now.get();
                    return;
                }
                last = last.next();
                last.write(file);
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                // perhaps the next time; meanwhile others may think that this process is gone, which shows then
                continue;
            }
        }
    }

    private static BadInputException held(Path folder, Optional<LockHolder> by) {
        return new BadInputException(Text.format(
                "%s: is in use by %s; wait until that has ended, or stop it",
                folder, by.map(LockHolder::describe).orElse("another process")));
    }

    /// The folders that making one makes, the innermost first.
    private static List<Path> missing(Path folder) {
        var missing = new ArrayList<Path>();
        for (var at = folder.toAbsolutePath(); at != null && Files.notExists(at); at = at.getParent()) {
            missing.add(at);
        }
        return missing;
    }

    private static void remove(List<Path> made) {
        for (var each : made) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                return; // something is in it by now
            }
        }
    }
}
