package dev.lejepa.runtime.cudart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCacheTest {
    private static final KernelKey KEY = new KernelKey("NVRTC 13.1", List.of("-a", "-b"), "x.cu", "source");
    private static final byte[] CODE = {1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    private final List<String> words = new ArrayList<>();
    private int compiled;

    private Path kernels() {
        return folder.resolve("cache").resolve("kernels");
    }

    /// As a process that begins.
    private KernelCache cache() {
        return new KernelCache(kernels(), words::add);
    }

    private byte[] compile() {
        compiled++;
        return CODE.clone();
    }

    private byte[] code(KernelKey key) {
        return cache().code(key, this::compile);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(kernels())) {
            return files.toList();
        }
    }

    @Test
    void whatWasCompiledIsNotCompiledAgain() throws IOException {
        assertArrayEquals(CODE, code(KEY));
        assertArrayEquals(CODE, code(KEY));
        assertEquals(1, compiled);
        assertEquals(1, files().size());
        assertEquals(List.of(), words);
    }

    @Test
    void whatWasMeasuredIsKeptBesideTheCode() throws IOException {
        var times = new double[] {0.25, 1.5};
        code(KEY);
        assertArrayEquals(times, cache().measured(KEY, times::clone));
        var again = new double[] {7, 8};
        assertArrayEquals(times, cache().measured(KEY, again::clone));
        assertArrayEquals(again, cache().measured(KEY.measuredOn(List.of("another device")), again::clone));
        assertEquals(3, files().size());
        for (var file : files()) {
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 70));
        }
        assertArrayEquals(again, cache().measured(KEY, again::clone));
        assertArrayEquals(again, cache().measured(KEY, times::clone));
        assertEquals(List.of(), words);
    }

    @Test
    void codeOfAnotherKeyIsNeverTaken() throws IOException {
        var others = List.of(
                KEY,
                new KernelKey("NVRTC 13.2", KEY.options(), KEY.name(), KEY.source()),
                new KernelKey(KEY.compiler(), List.of("-a"), KEY.name(), KEY.source()),
                new KernelKey(KEY.compiler(), List.of("-a-b"), KEY.name(), KEY.source()),
                new KernelKey(KEY.compiler(), List.of("-b", "-a"), KEY.name(), KEY.source()),
                new KernelKey(KEY.compiler(), List.of("-a", "-b", "x.cu"), "", KEY.source()),
                new KernelKey(KEY.compiler(), KEY.options(), "y.cu", KEY.source()),
                new KernelKey(KEY.compiler(), KEY.options(), KEY.name(), "source "));
        others.forEach(this::code);
        assertEquals(others.size(), compiled);
        // nor where its file has this one's name
        var name = name(KEY);
        var another = files().stream().filter(f -> !f.equals(name)).findFirst().orElseThrow();
        Files.write(name, Files.readAllBytes(another));
        code(KEY);
        assertEquals(others.size() + 1, compiled);
    }

    /// The file of a key alone.
    private Path name(KernelKey key) throws IOException {
        var before = files();
        for (var file : before) {
            if (KernelFile.read(file, key.digest()).isPresent()) {
                return file;
            }
        }
        throw new AssertionError("no file of " + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "cut in its head", "cut in its code", "longer", "code", "digest", "key", "format"})
    void aDamagedEntryIsCompiledAgainAndReplaced(String damage) throws IOException {
        code(KEY);
        var file = name(KEY);
        var whole = Files.readAllBytes(file);
        var bytes = whole.clone();
        Files.write(
                file,
                switch (damage) {
                    case "empty" -> new byte[0];
                    case "cut in its head" -> Arrays.copyOf(bytes, 60);
                    case "cut in its code" -> Arrays.copyOf(bytes, bytes.length - 1);
                    case "longer" -> Arrays.copyOf(bytes, bytes.length + 1);
                    case "code" -> flipped(bytes, bytes.length - 2);
                    case "digest" -> flipped(bytes, 50);
                    case "key" -> flipped(bytes, 20);
                    case "format" -> flipped(bytes, 14);
                    default -> throw new IllegalArgumentException(damage);
                });
        assertArrayEquals(CODE, code(KEY));
        assertEquals(2, compiled);
        assertArrayEquals(whole, Files.readAllBytes(file));
        assertEquals(List.of(), words);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    @Test
    void aFolderThatCannotBeMadeIsToldOnceAndComputingGoesOn() throws IOException {
        Files.writeString(folder.resolve("cache"), "a file where the folder would be");
        var cache = cache();
        assertArrayEquals(CODE, cache.code(KEY, this::compile));
        assertArrayEquals(CODE, cache.code(KEY, this::compile));
        assertEquals(2, compiled);
        assertEquals(1, words.size());
        assertTrue(words.getFirst().startsWith("compiled CUDA kernels are not kept, as "), words.getFirst());
        assertTrue(words.getFirst().contains("XDG_CACHE_HOME names another folder"), words.getFirst());
    }

    @Test
    void anEntryThatCannotBeReplacedIsToldOnce() throws IOException {
        code(KEY);
        var file = name(KEY);
        Files.delete(file);
        Files.createDirectory(file);
        Files.writeString(file.resolve("something"), "in it");
        assertArrayEquals(CODE, code(KEY));
        assertEquals(1, words.size());
    }

    @Test
    void processesThatCompileTheSameAtOnceDoNoHarm() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = new ArrayList<Callable<byte[]>>();
            for (var i = 0; i < 64; i++) {
                all.add(() -> cache().code(KEY, CODE::clone));
            }
            for (var found : threads.invokeAll(all)) {
                assertArrayEquals(CODE, found.get());
            }
        }
        assertEquals(List.of(name(KEY)), files());
        assertEquals(List.of(), words);
    }

    @Test
    void thoseUnusedForLongestLeaveWhenThereAreTooMany() throws IOException {
        code(KEY);
        var kept = name(KEY);
        var day = Duration.ofDays(1);
        var then = Instant.now().minus(Duration.ofDays(10_000));
        for (var i = 0; i < KernelCache.MOST; i++) {
            then = then.plus(day);
            Files.setLastModifiedTime(Files.createFile(kernels().resolve(i + ".cubin")), FileTime.from(then));
        }
        code(new KernelKey("other", List.of(), "", ""));
        assertEquals(KernelCache.MOST * 3 / 4 + 1, files().size());
        assertTrue(Files.exists(kept));
        assertTrue(Files.exists(kernels().resolve(KernelCache.MOST - 1 + ".cubin")));
        assertFalse(Files.exists(kernels().resolve("0.cubin")));
    }

    @Test
    void useIsRemembered() throws IOException {
        code(KEY);
        var file = name(KEY);
        var before = Instant.now().minus(Duration.ofDays(30));
        Files.setLastModifiedTime(file, FileTime.from(before));
        code(KEY);
        assertEquals(1, compiled);
        assertTrue(Files.getLastModifiedTime(file).toInstant().isAfter(before.plus(Duration.ofDays(29))));
    }
}
