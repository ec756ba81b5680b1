package dev.lejepa.trainer.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.lejepa.graphs.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
    @TempDir
    private Path root;

    private final List<String> words = new ArrayList<>();

    @Test
    void aPackedTarIsThePlainOne() throws IOException {
        byte[] tar = tar();
        for (Path packed : List.of(
                write("a.tar.gz", gzip(tar)),
                write("b.tar.gz", gzip(Arrays.copyOf(tar, 700)), gzip(Arrays.copyOfRange(tar, 700, tar.length))),
                write("c.tar.zst", Zstd.compress(tar)),
                write(
                        "d.tar.zst",
                        new byte[] {0x52, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 9}, // a frame to be skipped
                        Zstd.compress(Arrays.copyOf(tar, 700)),
                        Zstd.compress(Arrays.copyOfRange(tar, 700, tar.length))))) {
            TarShards shards = TarShards.open("shards", List.of(packed), cache());
            assertEquals(2, shards.size());
            assertEquals(packed.getFileName().resolve("n/b.png"), shards.name(1));
            assertEquals(packed, shards.file(1));
        }
    }

    @Test
    void aFileIsUnpackedOnceUntilItChanges() throws IOException {
        Path packed = write("a.tar.gz", gzip(tar()));
        Path first = plain(packed);
        assertEquals(2, words.size());
        assertEquals(first, plain(packed));
        assertEquals(2, words.size());
        write("a.tar.gz", gzip(Arrays.copyOf(tar(), 1024)));
        Path second = plain(packed);
        assertEquals(1024, Files.size(second));
        assertTrue(Files.notExists(first), "what was unpacked before is gone");
    }

    @Test
    void plainFilesStayWhereTheyAre() throws IOException {
        Path tar = write("a.tar", tar());
        assertEquals(tar, plain(tar));
        assertEquals(List.of(), words);
        assertTrue(Files.notExists(root.resolve("cache")));
    }

    @Test
    void aPackedFileThatIsCutOffOrDamagedIsRefusedAndLeavesNothing() throws IOException {
        byte[] gzip = gzip(tar());
        byte[] zstd = Zstd.compress(tar());
        byte[] damaged = gzip.clone();
        damaged[gzip.length / 2] ^= 0x55;
        for (Path bad : List.of(
                write("cut.tar.gz", Arrays.copyOf(gzip, gzip.length - 9)),
                write("head.tar.gz", Arrays.copyOf(gzip, 5)),
                write("damaged.tar.gz", damaged),
                write("cut.tar.zst", Arrays.copyOf(zstd, zstd.length - 1)))) {
            String message =
                    assertThrows(BadInputException.class, () -> plain(bad)).getMessage();
            assertTrue(message.startsWith(bad + ": is damaged or cut off, cannot be unpacked: "), message);
            try (var left = Files.list(root.resolve("cache"))) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    /// A file may unpack to a thousand times its size, or without end.
    @Test
    void unpackingEndsBeforeTheDiskIsFull() throws IOException {
        Path packed = write("a.tar.gz", gzip(new byte[64 << 20]));
        long enough = 1L << 30;
        List<Long> left = new ArrayList<>(List.of(enough + (40 << 20), enough + (32 << 20), enough + (16 << 20)));
        Unpacker unpacker =
                new Unpacker(root.resolve("cache"), _ -> left.isEmpty() ? enough : left.removeFirst(), words::add);
        String message = assertThrows(IOException.class, () -> unpacker.plain(List.of(packed)))
                .getMessage();
        assertTrue(message.startsWith("cannot be unpacked, as "), message);
        try (var files = Files.list(root.resolve("cache"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void withoutACacheNothingIsUnpacked() throws IOException {
        Path packed = write("a.tar.gz", gzip(tar()));
        write("cache", new byte[0]);
        String message = assertThrows(IOException.class, () -> plain(packed)).getMessage();
        assertTrue(message.startsWith("cannot be unpacked, as "), message);
    }

    private Path plain(Path packed) throws IOException {
        return Unpacker.of(root.resolve("cache"), words::add)
                .plain(List.of(packed))
                .getFirst();
    }

    private IndexCache cache() {
        return new IndexCache(root.resolve("cache"), words::add);
    }

    private static byte[] tar() throws IOException {
        return TestTar.gnu()
                .add("n/a.png", TestTar.png(1))
                .add("n/b.png", TestTar.png(2))
                .bytes();
    }

    private Path write(String name, byte[]... parts) throws IOException {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return Files.write(root.resolve(name), all.toByteArray());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
