package dev.lejepa.trainer.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.image.ImageFormat;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.Orientation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexCacheTest {
    private static final String KIND = "tests";

    @TempDir
    private Path root;

    private final List<String> words = new ArrayList<>();
    private final List<Shard> shards = new ArrayList<>();
    private IndexCache cache;
    private int listed;

    @BeforeEach
    void makeShards() throws IOException {
        cache = new IndexCache(root.resolve("cache/lejepa"), words::add);
        for (String name : List.of("a", "ü")) {
            shards.add(Shard.of(Files.writeString(root.resolve(name), "content of " + name)));
        }
    }

    @Test
    void anIndexIsMadeOnceAndSaysTheSameEverAfter() throws IOException {
        for (int time = 0; time < 2; time++) {
            ShardIndex index = open();
            assertEquals(shards, index.shards());
            assertEquals(List.of("cat", "\udcfcber"), index.classes());
            assertEquals(List.of("a note"), index.notes());
            assertEquals(4, index.size());
            assertEquals(List.of("a/1.jpg", "a/ü.jpg", "", "\udcff"), all(index::name));
            assertEquals(List.of(0, 0, 1, 1), all(index::shard));
            assertEquals(List.of(512L, 1L << 40, 0L, 7L), all(index::place));
            assertEquals(List.of(100, Integer.MAX_VALUE, 0, 8), all(index::length));
            assertEquals(List.of(1, 0, -1, 0), all(index::label));
            assertEquals(
                    List.of(
                            new Seen.Header(new ImageHeader(ImageFormat.JPEG, 500, 375, Orientation.UPRIGHT)),
                            new Seen.Header(new ImageHeader(ImageFormat.TIFF, 1, 30_000, Orientation.UPRIGHT)),
                            new Seen.Fault("has no bytes"),
                            new Seen.Unreadable()),
                    all(index::seen));
        }
        assertEquals(1, listed);
        assertEquals(List.of(), words);
    }

    @Test
    void anIndexOfShardsThatChangedIsMadeAnew() throws IOException {
        open();
        shards.set(1, Shard.of(Files.writeString(root.resolve("ü"), "more")));
        open();
        assertEquals(2, listed);
        assertEquals(
                List.of("the index of " + root.resolve("a") + " and 1 more is made anew: " + root.resolve("ü")
                        + " changed"),
                words);
        open();
        assertEquals(2, listed);
    }

    @Test
    void eachListOfShardsAndEachKindHasAnIndexOfItsOwn() throws IOException {
        open();
        cache.open("another kind", shards, this::list);
        cache.open(KIND, shards.reversed(), this::list);
        open();
        assertEquals(3, listed);
        assertEquals(List.of(), words);
    }

    @Test
    void aDamagedOrForeignIndexIsMadeAnew() throws IOException {
        open();
        Path file = cache.file(KIND, shards);
        byte[] good = Files.readAllBytes(file);
        byte[] damaged = good.clone();
        damaged[good.length - 1] ^= 1;
        byte[] later = good.clone();
        later[8]++;
        for (byte[] bad : List.of(damaged, later, new byte[0])) {
            Files.write(file, bad);
            open();
            assertEquals(good.length, Files.size(file));
        }
        String start = "the index of " + root.resolve("a") + " and 1 more is made anew: " + file + " ";
        assertEquals(
                List.of(start + "is damaged", start + "was written by another version", start + "is cut off"), words);
    }

    @Test
    void whereNoIndexCanBeKeptOneIsMadeEachTime() throws IOException {
        Files.writeString(root.resolve("cache"), "no folder");
        assertEquals(4, open().size());
        assertEquals(4, open().size());
        assertEquals(2, listed);
        assertTrue(words.getFirst().contains(" is not kept, as "), words.getFirst());
    }

    @Test
    void whatCannotBeListedLeavesNoIndex() throws IOException {
        assertThrows(
                BadInputException.class,
                () -> cache.open(KIND, shards, () -> {
                    throw new BadInputException("no shard");
                }));
        open();
        assertEquals(1, listed);
    }

    private ShardIndex open() throws IOException {
        return cache.open(KIND, shards, this::list);
    }

    private ShardIndex list() {
        listed++;
        IndexBuilder builder = new IndexBuilder(KIND, shards);
        builder.add(new IndexBuilder.Entry(0, 512, 100, 0, header(ImageFormat.JPEG, 500, 375), "a/1.jpg"));
        builder.add(new IndexBuilder.Entry(
                0, 1L << 40, Integer.MAX_VALUE, 1, header(ImageFormat.TIFF, 1, 30_000), "a/ü.jpg"));
        builder.add(new IndexBuilder.Entry(1, 0, 0, -1, new Seen.Fault("has no bytes"), ""));
        builder.add(new IndexBuilder.Entry(1, 7, 8, 1, new Seen.Unreadable(), "\udcff"));
        builder.relabel(label -> label < 0 ? label : 1 - label);
        return builder.finish(List.of("cat", "\udcfcber"), List.of("a note"));
    }

    private static Seen header(ImageFormat format, int width, int height) {
        return new Seen.Header(new ImageHeader(format, width, height, Orientation.UPRIGHT));
    }

    private static <T> List<T> all(IntFunction<T> of) {
        return IntStream.range(0, 4).mapToObj(of).toList();
    }
}
