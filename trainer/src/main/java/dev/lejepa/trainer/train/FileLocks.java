package dev.lejepa.trainer.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How far a file system's locks go, and what is done where they do not reach.
///
/// @param locking asks the file system for a lock
/// @param trust whether a folder's file system is one machine's own, so that a lock of its kernel is the last word
/// @param renewal how often a holder says that it is still there, where that is needed
/// @param watch how long a holder that cannot be seen may be silent until it is taken for gone
/// @param settling how long two that take a folder without locks at the same moment wait to see who was the later one
record FileLocks(Locking locking, Trust trust, Duration renewal, Duration watch, Duration settling) {
    /// File systems that are no other machine's too.
    private static final Set<String> OWN = Set.of(
            "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs", "tmpfs", "ramfs", "overlay");

    /// Asks for a lock.
    @FunctionalInterface
    interface Locking {
        /// @return nothing if another process has it
        /// @throws IOException if the file system has no locks
        @Nullable
        FileLock tryLock(FileChannel channel) throws IOException;
    }

    /// Tells of a folder's file system.
    @FunctionalInterface
    interface Trust {
        boolean in(Path folder);
    }

    /// Those of the machine.
    static FileLocks system() {
        return new FileLocks(
                FileChannel::tryLock,
                FileLocks::isOwn,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));
    }

    private static boolean isOwn(Path folder) {
        try {
            return OWN.contains(Files.getFileStore(folder).type());
        } catch (IOException e) {
            return false; // one that Java cannot tell may be any
        }
    }
}
