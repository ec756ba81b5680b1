package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    void aRunThatIsThereIsRefusedForAll() throws IOException {
        Files.createDirectories(project.run("run"));
        Files.writeString(project.run("run").resolve("recipe.yaml"), "seed: 1");
        assertRefused(Told.together(List.of(words("run"), words("run"))), "rank 0: " + project.run("run"));
    }
}
