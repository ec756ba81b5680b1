package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
    @TempDir
    Path folder;

    private RunFolder run(String name, String recipe, int steps) throws IOException {
        try (var run = new SyntheticRun(folder.resolve(name), recipe)) {
            run.start(0, 100).steps(1, steps);
            return run.folder();
        }
    }

    private RunComparison.Written written(RunFolder... runs) throws IOException {
        return RunComparison.write(List.of(runs), folder.resolve("compare.html"));
    }

    private static void refused(String words, ThrowingCall call) {
        var fault = assertThrows(BadInputException.class, call::run);
        assertTrue(fault.getMessage().contains(words), fault.getMessage());
    }

    private interface ThrowingCall {
        void run() throws IOException;
    }

    @Test
    void runsOfDifferentLengthsStandOverEachOther() throws IOException {
        var written = written(run("a", "", 100), run("b", "", 30), run("c", "", 0));
        assertEquals(List.of("c has no steps yet and stands in no chart"), written.notes());
        var data = RunReportTest.data(Files.readString(written.file()));
        var loss = data.at("/charts/0");
        assertEquals(2, loss.get("lines").size());
        assertEquals("b", loss.at("/lines/1/name").asText());
        assertEquals(100, data.at("/tables/0.steps/loss").size());
        assertEquals(30, data.at("/tables/1.steps/loss").size());
    }

    @Test
    void tableTellsWhatDiffersAndWhetherLossesAreOnOneScale() throws IOException {
        var written = written(
                run("a", "optimizer: {lr: 1e-3}", 5), run("b", "loss: {lambda: 0.1}\noptimizer: {lr: 2e-3}", 5));
        assertEquals(List.of("Losses are not on one scale: the runs differ in loss.lambda"), written.notes());
        var page = Files.readString(written.file());
        assertTrue(page.contains("<td class=\"key\">optimizer.lr</td>\n<td>0.001</td>\n<td>0.002</td>"));
        assertFalse(page.contains("<td class=\"key\">optimizer.weight_decay</td>"));
    }

    @Test
    void runsOfOneNameAreToldApartByTheirPaths() throws IOException {
        var written = written(run("x/demo", "", 3), run("y/demo", "", 3));
        var data = RunReportTest.data(Files.readString(written.file()));
        assertTrue(data.at("/charts/0/lines/0/name").asText().endsWith("x/demo"));
        assertTrue(data.at("/charts/0/lines/1/name").asText().endsWith("y/demo"));
    }

    @Test
    void whatCannotBeComparedIsRefused() throws IOException {
        var a = run("a", "", 3);
        refused("found 1 run to compare, expected at least 2", () -> written(a));
        refused("is the same run as", () -> written(a, new RunFolder(folder.resolve("a/../a"))));
        var none = new RunFolder(Files.createDirectory(folder.resolve("none")));
        var nowhere = new RunFolder(folder.resolve("nowhere"));
        refused("none, " + nowhere.path() + ": no run", () -> written(a, none, nowhere));
        refused("at most 100", () -> RunComparison.write(Collections.nCopies(101, a), folder.resolve("compare.html")));
        assertFalse(Files.exists(folder.resolve("compare.html")));
    }

    @Test
    void pointsAreSharedAmongManyRuns() throws IOException {
        var runs = new RunFolder[20];
        for (var i = 0; i < runs.length; i++) {
            runs[i] = run("run" + i, "seed: " + i, 1000);
        }
        var page = Files.readString(written(runs).file());
        assertTrue(page.length() < 1_500_000, page.length() + " bytes");
        assertTrue(RunReportTest.data(page).at("/tables/7.steps/loss").size() <= 200);
    }
}
