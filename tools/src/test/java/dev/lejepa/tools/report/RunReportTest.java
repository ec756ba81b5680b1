package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    private static final Computing COMPUTING = new Computing("cpu", 1);

    /// The most that a page may have.
    private static final long MOST_BYTES = 3_000_000;

    @TempDir
    Path folder;

    private static String page(RunFolder run) throws IOException {
        return Files.readString(RunReport.write(run, run.report(), COMPUTING).file());
    }

    /// What the page's charts are drawn from.
    static JsonNode data(String page) throws IOException {
        var from = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    private static List<String> charts(JsonNode data) {
        var ids = new ArrayList<String>();
        data.get("charts").forEach(chart -> ids.add(chart.get("id").asText()));
        return ids;
    }

    private static void assertSays(String page, String... words) {
        for (var word : words) {
            assertTrue(page.contains(word), word);
        }
    }

    private SyntheticRun whole(String name, String recipe) throws IOException {
        return new SyntheticRun(folder.resolve(name), recipe)
                .start(0, 100)
                .steps(1, 100)
                .epoch(50, 0.5)
                .epoch(100, 0.4321)
                .health(100, "embedding", 7.5, 0.5, 0.3, 0.2)
                .end(100, "done");
    }

    @Test
    void headlineHasTheNumbersThatARunIsJudgedBy() throws IOException {
        try (var run = whole("run", "")) {
            run.flush();
            var tiles = Headline.of(ReportedRun.read(run.folder(), 1000));
            assertEquals(
                    List.of("Loss", "Held-out top-1", "SIGReg / ideal", "RankMe", "Images/s", "Time"),
                    tiles.stream().map(Headline.Tile::name).toList());
            // 1 + mean of 1/step over the last 50; 2.0 over the ideal 1.0525; 4 images in a tenth of a second
            assertEquals(
                    List.of("1.014", "43.2\u00a0%", "1.90", "7.5", "40.0", "1 min 00 s"),
                    tiles.stream().map(Headline.Tile::value).toList());
            assertEquals("online probe; best 50.0\u00a0%", tiles.get(1).note());
            assertEquals("100 of 100 steps", tiles.get(5).note());
        }
    }

    @Test
    void chartsAreThoseThatTheRunHasNumbersFor() throws IOException {
        try (var run = whole("run", "")) {
            run.flush();
            var page = page(run.folder());
            var data = data(page);
            assertEquals(
                    List.of("loss", "sigreg", "top1", "probe_loss", "lr", "rank", "throughput", "wait"), charts(data));
            for (var id : charts(data)) {
                assertSays(page, "data-chart=\"" + id + "\"");
            }
            assertEquals(100, data.at("/tables/steps/step").size());
            assertEquals(1.5, data.at("/tables/steps/loss/1").asDouble());
            assertFalse(data.at("/tables/steps").has("loss.least"), "each point is a step");
            assertEquals(1.0525, data.at("/charts/1/level/value").asDouble(), 1e-4);
            assertSays(page, "Spectrum of the embedding");
        }
    }

    @Test
    void regularizerWithoutKnownIdealHasNone() throws IOException {
        try (var run = whole("run", "loss: {regularizer: cramer_von_mises}")) {
            run.flush();
            var data = data(page(run.folder()));
            assertFalse(data.at("/charts/1").has("level"));
        }
    }

    @Test
    void recipeTellsWhatDiffersFromTheDefaults() throws IOException {
        try (var run = whole("run", "loss: {lambda: 0.25}")) {
            run.flush();
            assertSays(
                    page(run.folder()),
                    "<td class=\"key\">loss.lambda</td>\n<td>0.25</td>\n<td class=\"quiet\">0.05</td>");
        }
    }

    @Test
    void namesAndMessagesCannotBecomeMarkup() throws IOException {
        try (var run = whole("a<b>&'\"</script>", "")) {
            run.warning(5, "</script><script>alert(1)</script>");
            run.flush();
            var page = page(run.folder());
            assertFalse(page.contains("<b>"));
            assertFalse(page.contains("<script>alert"));
            assertSays(page, "a&lt;b&gt;&amp;&#39;&quot;", "&lt;/script&gt;&lt;script&gt;alert(1)");
            assertEquals(8, data(page).get("charts").size());
        }
    }

    @Test
    void aLongRunIsSmallAndItsSpikeShows() throws IOException {
        try (var run = new SyntheticRun(folder.resolve("long"), "")) {
            run.start(0, 100_000).steps(1, 60_000);
            run.line(SyntheticRun.step(60_001, 99)).steps(60_002, 100_000).end(100_000, "done");
            run.flush();
            var page = page(run.folder());
            assertTrue(page.length() < MOST_BYTES / 3, page.length() + " bytes without pictures");
            var loss = data(page).at("/tables/steps/loss.greatest");
            assertTrue(loss.size() <= 1000, loss.size() + " points");
            var greatest = 0.0;
            for (var value : loss) {
                greatest = Math.max(greatest, value.asDouble());
            }
            assertEquals(99, greatest);
            assertEquals(
                    100_000,
                    data(page).at("/tables/steps/step").get(loss.size() - 1).asLong());
        }
    }

    @Test
    void runWithoutStepsSaysSo() throws IOException {
        try (var run = new SyntheticRun(folder.resolve("empty"), "")) {
            run.start(0, 10).flush();
            assertSays(page(run.folder()), "No step has been recorded yet", "at work or killed");
        }
    }

    @Test
    void damagedViewsAreToldAndLeftOut() throws IOException {
        try (var run = whole("run", "")) {
            run.flush();
            Files.writeString(run.folder().views(), "no picture");
            assertSays(page(run.folder()), "views.png cannot be shown: it holds no picture");
        }
    }

    @Test
    void folderThatIsNoRunIsRefused() throws IOException {
        var fault = assertThrows(BadInputException.class, () -> page(new RunFolder(folder)));
        assertTrue(fault.getMessage().contains("is no run"), fault.getMessage());
    }

    @Test
    void pageAsksNobodyForAnything() throws IOException {
        try (var run = whole("run", "")) {
            run.flush();
            var page = page(run.folder());
            assertSays(page, "default-src 'none'");
            assertFalse(page.matches("(?s).*(src|href)=\"(?!data:).*"), "a source outside of the page");
            assertFalse(page.contains("@DATA@"));
        }
    }
}
