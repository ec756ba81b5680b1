package dev.lejepa.runtime.cudart;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.UserCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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

/// Compiled kernels and what was measured of them, kept from one process to the next: a file each, named after all that
/// it follows from, so that code of another compiler, architecture or version of this program is never found. Processes
/// that make the same at once do no harm: the file is either's. Any thread may call.
public final class KernelCache {
    /// Files that stay when others come; a network has some tens.
    static final int MOST = 2048;

    private static final String CODE = ".cubin";
    private static final String MEASURED = ".measured";

    /// How exactly it is known when a file was used last: a file's time is not set anew in each process.
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
        return content(key, CODE, compiler);
    }

    /// The numbers that are kept, else those that are measured, which are kept from now on.
    ///
    /// @param measure gives as many numbers each time
    public double[] measured(KernelKey key, Supplier<double[]> measure) {
        var numbers = ByteBuffer.wrap(content(key, MEASURED, () -> bytes(measure.get())))
                .asDoubleBuffer();
        var all = new double[numbers.remaining()];
        numbers.get(all);
        return all;
    }

    private static byte[] bytes(double[] numbers) {
        var bytes = ByteBuffer.allocate(numbers.length * Double.BYTES);
        bytes.asDoubleBuffer().put(numbers);
        return bytes.array();
    }

    private byte[] content(KernelKey key, String suffix, Supplier<byte[]> maker) {
        var digest = key.digest();
        var file = folder.resolve(HexFormat.of().formatHex(digest) + suffix);
        var kept = kept(file, digest);
        if (kept.isPresent()) {
            return kept.get();
        }
        var made = maker.get();
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
                        "compiled CUDA kernels are not kept, as %s cannot be written (%s): each start compiles and measures anew, for about ten seconds; XDG_CACHE_HOME names another folder",
                        PathText.shown(folder), FileFaults.reason(e)));
            }
        }
    }

    /// Leaves three quarters of the most, so that files are deleted rarely and many at once.
    private void removeLongUnused() throws IOException {
        try (var files = Files.list(folder)) {
            var all = files.filter(KernelCache::isOurs).toList();
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

    private static boolean isOurs(Path file) {
        var name = PathText.name(file);
        return name.endsWith(CODE) || name.endsWith(MEASURED);
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
