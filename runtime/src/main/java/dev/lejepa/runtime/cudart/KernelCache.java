package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.UserCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Compiled kernels, kept from one process to the next: a file each, named after all that its code follows from, so that
/// code of another compiler, architecture or version of this program is never found. Processes that compile the same
/// kernel at once do no harm: the file is either's. Any thread may call.
public final class KernelCache {
    /// Kernels that stay when others come; a network has some tens.
    static final int MOST = 2048;

    private static final String SUFFIX = ".cubin";

    /// How exactly it is known when a kernel was used last: a file's time is not set anew in each process.
    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final Consumer<String> words;
    private final AtomicBoolean prepared = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param folder which need not be there
    /// @param words gets what a person should know, a line each
    KernelCache(Path folder, Consumer<String> words) {
        this.folder = folder;
        this.words = words;
    }

    /// The one in the user's cache.
    public static KernelCache ofUser(Consumer<String> words) {
        return new KernelCache(UserCache.folder("kernels"), words);
    }

    /// The code that is kept, else what the compiler makes, which is kept from now on.
    byte[] code(KernelKey key, Supplier<byte[]> compiler) {
        var digest = key.digest();
        var file = folder.resolve(HexFormat.of().formatHex(digest) + SUFFIX);
        var kept = kept(file, digest);
        if (kept.isPresent()) {
            return kept.get();
        }
        var made = compiler.get();
        keep(file, digest, made);
        return made;
    }

    private static Optional<byte[]> kept(Path file, byte[] digest) {
        try {
            var code = KernelFile.read(file, digest);
            if (code.isPresent()) {
                markUsed(file);
            }
            return code;
        } catch (IOException e) { // none, or none that can be read: it is made anew
            return Optional.empty();
        }
    }

    private static void markUsed(Path file) {
        try {
            var now = Instant.now();
            if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(DAY))) {
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
        } catch (IOException e) {
            // another's file, or gone by now: it was read
        }
    }

    private void keep(Path file, byte[] digest, byte[] code) {
        try {
            if (!prepared.getAndSet(true)) {
                Files.createDirectories(folder);
                removeLongUnused();
            }
            KernelFile.write(file, digest, code);
        } catch (IOException e) {
            if (!told.getAndSet(true)) {
                words.accept(Text.format(
                        "compiled CUDA kernels are not kept, as %s cannot be written (%s): each start compiles them anew, for about ten seconds; XDG_CACHE_HOME names another folder",
                        PathText.shown(folder), FileFaults.reason(e)));
            }
        }
    }

    /// Leaves three quarters of the most, so that files are deleted rarely and many at once.
    private void removeLongUnused() throws IOException {
        try (var files = Files.list(folder)) {
            var all = files.filter(f -> PathText.name(f).endsWith(SUFFIX)).toList();
            if (all.size() <= MOST) {
                return;
            }
            var unused = all.stream()
                    .map(Used::of)
                    .sorted(Comparator.comparing(Used::last))
                    .limit(all.size() - MOST * 3 / 4)
                    .toList();
            for (var used : unused) {
                Files.deleteIfExists(used.file());
            }
        } catch (UncheckedIOException e) { // a folder is read while it is walked
            throw new IOException(e);
        }
    }

    /// @param last when the file was used; long ago where that cannot be told, as when another process deletes it
    private record Used(Path file, FileTime last) {
        static Used of(Path file) {
            try {
                return new Used(file, Files.getLastModifiedTime(file));
            } catch (IOException e) {
                return new Used(file, FileTime.fromMillis(0));
            }
        }
    }
}
