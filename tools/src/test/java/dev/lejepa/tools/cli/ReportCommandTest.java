package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `report` and `compare`, and what `train` leaves of them.
class ReportCommandTest {
    @TempDir
    Path folder;

    private TinyProject project;

    @BeforeEach
    void train() throws IOException {
        project = TinyProject.in(folder);
    }

    private Told report(String... words) {
        var all = new String[words.length + 3];
        all[0] = "report";
        all[1] = "--json";
        all[2] = "--threads=1";
        System.arraycopy(words, 0, all, 3, words.length);
        return Told.by(all);
    }

    @Test
    void trainingEndsWithAReportThatShowsWhatTheEncoderSees() throws IOException {
        var told = project.trained("run", "train.epochs=2", "--json");
        var page = Path.of(told.json().get("report").asText());
        assertEquals(project.run("run").resolve("report.html"), page);
        var html = Files.readString(page);
        // six held-out images, each as a pair, and the five nearest of each
        assertTrue(html.contains("Patches in color"));
        assertTrue(html.contains("among 6 images"), "held-out images");
        assertEquals(6 + 6 * 6 + 1, html.split("src=\"data:image/jpeg", -1).length - 1, "pictures, and the views");
        assertTrue(html.contains("<span class=\"state finished\">finished</span>"));
        assertTrue(html.matches("(?s).*<dt>ONNX Runtime</dt>\n<dd>\\d+\\.\\d+\\.\\d+</dd>.*"), "its version");
    }

    @Test
    void reportIsWrittenAnewWhereItIsAskedFor() throws IOException {
        project.trained("run", "train.epochs=1");
        // as runs had it before versions were kept
        var engine = "{\"device\": \"cpu\", \"threads\": 3, \"processor\": \"abacus\"}";
        Files.writeString(project.run("run").resolve("engine.json"), engine);
        var out = folder.resolve("page.html");
        var told = report("--out", out.toString(), project.run("run").toString());
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(out.toString(), told.json().get("report").asText());
        assertEquals(TinyProject.STEPS_PER_EPOCH, told.json().get("steps").asInt());
        var html = Files.readString(out);
        assertTrue(html.contains("<dd>cpu (3 threads)</dd>") && html.contains("<dd>abacus</dd>"), "its machine");
        assertFalse(html.contains("<dt>ONNX Runtime</dt>"), "nobody knows the version");
    }

    @Test
    void runWhoseImagesAreGoneHasAReportThatSaysSo() throws IOException {
        project.trained("run", "train.epochs=1");
        Files.move(project.train(), folder.resolve("elsewhere"));
        Files.move(project.val(), folder.resolve("elsewhere too"));
        var told = report(project.run("run").toString());
        assertEquals(ExitCode.DONE, told.code(), told.err());
        var html = Files.readString(Path.of(told.json().get("report").asText()));
        assertTrue(html.contains("There are no pictures of it: " + project.train() + ": no such folder"));
        assertTrue(html.contains("data-chart=\"loss\""));
    }

    @Test
    void brokenLastLineIsToldAndABrokenOneInTheMiddleRefused() throws IOException {
        project.trained("run", "train.epochs=1");
        var metrics = project.run("run").resolve("metrics.jsonl");
        Files.writeString(metrics, "{\"event\":", StandardOpenOption.APPEND);
        var cut = report(project.run("run").toString());
        assertEquals(ExitCode.DONE, cut.code());
        assertTrue(cut.err().contains("note: metrics.jsonl is cut off at line"), cut.err());
        Files.writeString(metrics, "\n{\"event\":\"step\",\"step\":4}\n", StandardOpenOption.APPEND);
        var damaged = report(project.run("run").toString());
        assertEquals(ExitCode.BAD_INPUT, damaged.code());
        assertTrue(damaged.err().contains("metrics.jsonl line"), damaged.err());
    }

    @Test
    void whatCannotBeReadOrWrittenIsRefused() throws IOException {
        var none = report(folder.toString());
        assertEquals(ExitCode.BAD_INPUT, none.code());
        assertTrue(none.err().contains("is no run"), none.err());
        Files.createDirectories(project.run("run"));
        Files.writeString(project.run("run").resolve("recipe.yaml"), "data: {train: gone}");
        var nowhere = report(
                "--out",
                folder.resolve("no/page.html").toString(),
                project.run("run").toString());
        assertEquals(ExitCode.BAD_INPUT, nowhere.code());
        assertTrue(nowhere.err().contains("--out"), nowhere.err());
        var input = project.run("run").resolve("recipe.yaml").toString();
        assertEquals(
                ExitCode.BAD_INPUT,
                report("--out", input, project.run("run").toString()).code());
    }

    @Test
    void comparisonIsOnePageOfAllRuns() throws IOException {
        project.trained("a", "train.epochs=1");
        project.trained("b", "train.epochs=2", "loss.lambda=0.2");
        var out = folder.resolve("compare.html");
        var told = Told.by(
                "compare",
                "--json",
                "--out",
                out.toString(),
                project.run("a").toString(),
                project.run("b").toString());
        assertEquals(ExitCode.DONE, told.code(), told.err());
        assertEquals(2, told.json().get("runs").asInt());
        assertTrue(told.err().contains("note: Losses are not on one scale"), told.err());
        var html = Files.readString(out);
        assertTrue(html.contains("<td class=\"key\">loss.lambda</td>"));
        assertFalse(html.contains("<td class=\"key\">loss.slices</td>"));
        var one = Told.by("compare", "--out", out.toString(), project.run("a").toString());
        assertEquals(ExitCode.BAD_INPUT, one.code());
    }
}
