package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.rank.FinishedRun;
import dev.lejepa.tools.rank.HeldOutImages;
import dev.lejepa.trainer.source.Sources;
import dev.lejepa.tools.rank.HeldOutLoss;
import dev.lejepa.tools.rank.Ranking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rank` on runs of a tiny project: two that differ in lambda, and what is no run.
class RankCommandTest {
    @TempDir
    static Path folder;

    private static TinyProject project = new TinyProject(Path.of(""));

    @BeforeAll
    static void trainTwice() throws IOException {
        project = TinyProject.in(folder);
        assertEquals(ExitCode.DONE, project.trained("low", "train.epochs=2").code());
        assertEquals(
                ExitCode.DONE,
                project.trained("high", "train.epochs=1", "loss.lambda=0.5").code());
    }

    private static Told rank(String... words) {
        var all = new ArrayList<>(List.of("rank", "--json", "--device", "cpu", "--threads", "1"));
        all.addAll(List.of(words));
        return Told.by(all);
    }

    private static String run(String name) {
        return project.run(name).toString();
    }

    private static JsonNode of(JsonNode result, String name) {
        for (var run : result.get("runs")) {
            if (run.get("run").asText().equals(run(name))) {
                return run;
            }
        }
        throw new AssertionError(name + " is not in " + result);
    }

    private static void refused(Told told, String... parts) {
        assertEquals(ExitCode.BAD_INPUT, told.code(), told.words());
        for (var part : parts) {
            assertTrue(told.err().contains(part), told.err());
        }
        assertFalse(told.err().contains("\tat "), told.err());
    }

    @Test
    void runsComeInTheOrderOfTheirScores() throws IOException {
        var told = rank(run("low"), run("high"));
        assertEquals(ExitCode.DONE, told.code(), told.words());
        var result = told.json();
        assertEquals(2, result.get("order").size());
        var first = result.get("runs").get(0);
        assertEquals(first.get("run"), result.get("order").get(0));
        assertTrue(first.get("score").asDouble()
                <= result.get("runs").get(1).get("score").asDouble());
        assertTrue(result.get("spearman").isNull(), "two runs have no correlation");
        assertTrue(result.get("interval").isNull());
        assertEquals(6, result.get("images").asInt(), "two samples of three hold all six images");
        var accuracy = project.metrics("low", "epoch").getLast().get("val_top1").asDouble();
        assertEquals(accuracy, of(result, "low").get("probe_top1").asDouble());
    }

    @Test
    void lossIsItsPartsWeighedByLambda() {
        var result = rank(run("low"), run("high")).json();
        for (var run : result.get("runs")) {
            var lambda = run.get("lambda").asDouble();
            var loss = (1 - lambda) * run.get("invariance").asDouble()
                    + lambda * run.get("sigreg").asDouble();
            assertEquals(loss, run.get("loss").asDouble(), 1e-5 * loss);
            assertEquals(
                    loss / Math.pow(lambda, 0.4), run.get("score").asDouble(), 1e-4 * loss / Math.pow(lambda, 0.4));
        }
        assertEquals(0.5, of(result, "high").get("lambda").asDouble());
    }

    @Test
    void sameRunsAndSeedGiveTheSameNumbers() {
        var once = rank(run("low"), run("high"));
        assertEquals(once.out(), rank("--threads", "2", run("low"), run("high")).out());
        var other = rank("--seed", "1", run("low"), run("high")).json();
        assertFalse(of(other, "low").get("loss").equals(of(once.json(), "low").get("loss")), "other views");
    }

    @Test
    void exponentZeroOrdersByTheLossItself() {
        for (var run : rank("--alpha", "0", run("high"), run("low")).json().get("runs")) {
            assertEquals(run.get("loss").asDouble(), run.get("score").asDouble());
        }
    }

    @Test
    void oneRunIsItsOwnOrder() {
        var told = rank("--data", project.train().toString(), run("low"));
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(1, told.json().get("order").size());
        assertTrue(told.json().get("spearman").isNull());
        assertEquals(12, told.json().get("images").asInt(), "four samples of three, of fourteen images");
    }

    @Test
    void badFoldersAreRefusedByName() throws IOException {
        refused(rank(run("nothing")), run("nothing"), "no run");
        refused(rank(), "missing");
        refused(rank(run("low"), run("low")), "same run");
        var unfinished = Files.createDirectories(project.run("unfinished"));
        Files.copy(project.run("low").resolve("recipe.yaml"), unfinished.resolve("recipe.yaml"));
        refused(rank(unfinished.toString()), "unfinished", "no checkpoint");
        refused(rank("--alpha", "much", run("low")), "--alpha much");
        refused(rank("--data", folder.resolve("no-such").toString(), run("low")), "no such folder");
    }

    @Test
    void runsWithOtherHeldOutImagesNeedAFolderForAll() throws IOException {
        var other = copy(
                "low", "elsewhere", project.val().toString(), project.train().toString());
        refused(rank(run("low"), other.toString()), "elsewhere", "--data");
        assertEquals(
                ExitCode.DONE,
                rank("--data", project.val().toString(), run("low"), other.toString())
                        .code());
    }

    @Test
    void runsWithoutAProbeAreRankedAndLeftOutOfTheCorrelation() {
        assertEquals(
                ExitCode.DONE,
                project.trained("blind", "train.epochs=1", "probe=null", "model.projector.out=8")
                        .code());
        var told = rank(run("low"), run("high"), run("blind"));
        assertEquals(ExitCode.DONE, told.code(), told.words());
        assertEquals(3, told.json().get("order").size());
        assertTrue(of(told.json(), "blind").get("probe_top1").isNull());
        assertTrue(told.json().get("spearman").isNull());
        assertTrue(told.err().contains("2 of 3 runs have its accuracy"), told.err());
        assertTrue(told.err().contains("model.projector.out differs"), told.err());
    }

    @Test
    void lossThatIsNoNumberComesLastAndIsNull() throws IOException {
        var good = FinishedRun.open(project.run("low"));
        var lost = FinishedRun.open(project.run("high"));
        var nan = new HeldOutLoss(Double.NaN, 1, Double.NaN);
        var places = List.of(
                new Ranking.Place(lost, nan, nan.score(lost.lambda(), 0.4)),
                new Ranking.Place(good, new HeldOutLoss(9, 9, 9), 9));
        var images = HeldOutImages.of(List.of(good, lost), Optional.empty(), Sources.ofUser(_ -> {}));
        var report = new RankReport(Ranking.of(places, 0), images, 0.4);
        assertEquals(run("high"), report.json().get("order").get(1).asText());
        assertTrue(of(report.json(), "high").get("loss").isNull());
        assertTrue(of(report.json(), "high").get("score").isNull());
    }

    @Test
    void damagedMetricsAreRefusedByLine() throws IOException {
        var broken = copy("low", "broken", "seed: 11", "seed: 11");
        Files.writeString(broken.resolve("metrics.jsonl"), "{\"event\": \"start\"}\n{\"ev");
        refused(rank(broken.toString()), "metrics.jsonl line 2");
    }

    /// A copy of a run whose recipe says something else.
    private static Path copy(String from, String to, String found, String other) throws IOException {
        var source = project.run(from);
        var target = project.run(to);
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                var there = target.resolve(source.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(file, there);
                }
            }
        }
        var recipe = target.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replace(found, other));
        RecipeFile.read(recipe, List.of());
        return target;
    }
}
