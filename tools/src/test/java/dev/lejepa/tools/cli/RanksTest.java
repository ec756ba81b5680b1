package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.tools.run.MemoryBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs of several processes, which are threads here.
@Timeout(120)
class RanksTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void project() throws IOException {
        project = TinyProject.in(folder);
    }

    private List<String> words(String run, String... more) {
        var words = new ArrayList<>(project.trainWords("--out", project.run(run).toString(), "--threads", "1"));
        for (var word : more) {
            words.addAll(List.of("--set", word));
        }
        return words;
    }

    /// All end with exit code 2, and the first one alone tells, in one line.
    private static void assertRefused(List<Told> told, String why) {
        for (var each : told) {
            assertEquals(ExitCode.BAD_INPUT, each.code(), each.words());
        }
        var line = told.getFirst().err();
        assertTrue(line.startsWith("lejepa: " + why), line);
        assertEquals(1, line.lines().count(), line);
        for (var other : told.subList(1, told.size())) {
            assertEquals("", other.words());
        }
    }

    @Test
    void ranksWithOtherRecipesAreRefusedByKeyAndRank() {
        var told = Told.together(
                List.of(words("run"), words("run", "data.workers=2"), words("run", "seed=5", "train.epochs=3")));
        assertRefused(
                told,
                "rank 2 cannot train together with rank 0: seed is 5 on rank 2, 11 on rank 0; train.epochs is 3 on rank 2,"
                        + " 8 on rank 0");
        assertFalse(Files.exists(project.run("run")), "nothing is left of it");
    }

    @Test
    void ranksWithOtherImagesAreRefused() throws IOException {
        var other = TinyProject.in(folder.resolve("other"));
        Files.delete(other.train().resolve("class1").resolve("3.png"));
        var told = Told.together(List.of(words("run"), words("run", "data.train=" + other.train())));
        assertRefused(
                told,
                "rank 1 cannot train together with rank 0: data.train holds 13 images in 2 classes on rank 1, 14 images in"
                        + " 2 classes on rank 0");
    }

    @Test
    void whatOneRankCannotOpenEndsAllWithItsWords() {
        var told = Told.together(List.of(words("run"), words("run", "data.train=nowhere")));
        assertRefused(told, "rank 1: data.train: ");
    }

    @Test
    void aBatchOfFewerImagesThanRanksIsRefused() {
        var words = words("run", "data.batch=2");
        assertRefused(
                Told.together(List.of(words, words, words)),
                "data.batch is 2, fewer images than the 3 processes that share them");
    }

    @Test
    void allDecideByTheSmallestBudget() throws ExecutionException, InterruptedException {
        var own = List.of(
                new MemoryBudget(OptionalLong.empty(), "memory is not limited", true),
                new MemoryBudget(OptionalLong.of(2_000_000_000L), "train.memory_gb is 2.0", true));
        try (var threads = Executors.newFixedThreadPool(own.size())) {
            var agreed = ThreadRanks.of(own.size()).stream()
                    .map(rank -> threads.submit(() -> own.get(rank.rank()).least(rank)))
                    .toList();
            assertEquals(
                    new MemoryBudget(OptionalLong.of(2_000_000_000L), "rank 1 may take 2.00 GB", true),
                    agreed.getFirst().get());
            assertEquals(own.getLast(), agreed.getLast().get());
        }
    }

    /// Whoever lost the lock of the run's folder says so in an answer to whether the run shall stop.
    @Test
    void noEndIsToldInAFolderThatAnotherProcessHasTakenOver() throws IOException {
        var asked = new AtomicInteger();
        BooleanSupplier lost = () -> {
            if (asked.incrementAndGet() > 8) {
                throw new UncheckedIOException("taken over", new IOException("taken over"));
            }
            return false;
        };
        var told = Told.together(2, words("run"), rank -> rank == 0 ? lost : () -> false);
        assertEquals(ExitCode.FAULT, told.getFirst().code(), told.getFirst().words());
        var metrics = Files.readString(project.run("run").resolve("metrics.jsonl"));
        assertTrue(metrics.contains("\"event\":\"start\""), metrics);
        assertFalse(metrics.contains("\"event\":\"end\""), metrics);
    }

    private static List<Told> together(int ranks, List<String> words) {
        var told = Told.together(Collections.nCopies(ranks, words));
        for (var each : told) {
            assertEquals(ExitCode.DONE, each.code(), each.words());
        }
        for (var other : told.subList(1, ranks)) {
            assertEquals("", other.words());
        }
        return told;
    }

    /// More than three batches of 64, one of them in the second with an image that cannot be read.
    private Path manyImages() throws IOException {
        var root = folder.resolve("many");
        for (var i = 0; i < 200; i++) {
            var of = Files.createDirectories(root.resolve("class" + i % 2));
            TinyProject.image(of.resolve(i + ".png"), Key.of(7, "many", i).draws());
        }
        var broken = root.resolve("class0").resolve("50.png");
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 700));
        return root;
    }

    private Path encoder() {
        var told = project.trained("trained", "train.steps=1");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        return project.run("trained").resolve("encoder.onnx");
    }

    @Test
    void featuresOfRanksAreThoseOfOneProcess() throws IOException {
        var encoder = encoder().toString();
        var images = manyImages().toString();
        for (var ranks : List.of(1, 3, 5)) {
            var out = folder.resolve("f" + ranks + ".npy").toString();
            var words =
                    List.of("embed", "--encoder", encoder, "--data", images, "--out", out, "--threads", "1", "--json");
            var told = together(ranks, words).getFirst().json();
            assertEquals(199, told.get("images").asInt());
            assertEquals(1, told.get("skipped").asInt());
        }
        for (var file : List.of("f%d.npy", "f%d.paths.txt")) {
            var one = folder.resolve(file.formatted(1));
            for (var ranks : List.of(3, 5)) {
                assertEquals(-1, Files.mismatch(one, folder.resolve(file.formatted(ranks))), file + " of " + ranks);
            }
        }
    }

    @Test
    void anEncoderIsJudgedTogetherAsByOneProcess() throws IOException {
        var encoder = encoder().toString();
        var images = manyImages().toString();
        var results = new ArrayList<JsonNode>();
        for (var ranks : List.of(1, 3)) {
            var out = folder.resolve("judged" + ranks).toString();
            var words = List.of(
                    "eval",
                    "--encoder",
                    encoder,
                    "--train",
                    images,
                    "--test",
                    project.val().toString(),
                    "--out",
                    out,
                    "--shots",
                    "1,all",
                    "--flip",
                    "--threads",
                    "1",
                    "--json");
            var json = (ObjectNode) together(ranks, words).getFirst().json();
            results.add(json.without("seconds"));
            var again = together(ranks, words).getFirst();
            assertTrue(again.err().contains("features from before"), again.err());
        }
        assertEquals(results.getFirst(), results.getLast());
    }

    @Test
    void runsAreRankedTogetherAsByOneProcess() throws IOException {
        encoder();
        var told = project.trained("other", "train.steps=1", "loss.lambda=0.1");
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var words = List.of(
                "rank",
                project.run("trained").toString(),
                project.run("other").toString(),
                "--data",
                manyImages().toString(),
                "--threads",
                "1",
                "--json");
        var one = together(1, words).getFirst().json();
        assertEquals(one, together(3, words).getFirst().json());
    }

    @Test
    void aRunThatIsThereIsRefusedForAll() throws IOException {
        Files.createDirectories(project.run("run"));
        Files.writeString(project.run("run").resolve("recipe.yaml"), "seed: 1");
        assertRefused(Told.together(List.of(words("run"), words("run"))), "rank 0: " + project.run("run"));
    }
}
