package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages in a browser, where the machine has Chromium.
class PageTest {
    /// Colored pixels of a chart's canvas, which a line must have left there.
    private static final String INK = """
            [...document.querySelectorAll("figure.chart")].map(figure => {
              const canvas = figure.querySelector("canvas");
              const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              let colored = 0;
              for (let i = 0; i < pixels.length; i += 4) {
                if (pixels[i + 3] > 128 && Math.abs(pixels[i] - pixels[i + 2]) > 60) colored++;
              }
              return colored;
            })""";

    private static final String POINTS =
            "[...document.querySelectorAll('figure.chart')].map(figure => Number(figure.dataset.points))";

    @TempDir
    Path folder;

    private RunFolder run(String name, int steps) throws IOException {
        try (var run = new SyntheticRun(folder.resolve(name), "seed: " + steps)) {
            run.start(0, steps).steps(1, steps).epoch(steps / 2, 0.3).epoch(steps, 0.4);
            run.health(steps, "embedding", 7.5, 0.5, 0.3, 0.2).end(steps, "done");
            return run.folder();
        }
    }

    private static void assertDrawn(Browser browser, Path page, int charts) {
        for (var width : List.of(400, 1600)) {
            for (var dark : List.of(false, true)) {
                browser.open(page, width, dark);
                var points = browser.evaluate(POINTS);
                assertEquals(charts, points.size(), page + " at " + width);
                points.forEach(count -> assertTrue(count.asInt() > 0, points.toString()));
                var ink = browser.evaluate(INK);
                ink.forEach(count -> assertTrue(count.asInt() > 0, ink.toString()));
                assertTrue(
                        browser.evaluate("document.documentElement.scrollWidth").asInt() <= width,
                        "wider than the window of " + width);
                assertEquals(
                        dark ? "dark" : "light",
                        browser.evaluate("document.documentElement.dataset.theme")
                                .asText());
            }
        }
        // what a reader may click draws all charts anew
        browser.evaluate("document.querySelector('[data-axis=seconds]').click()");
        browser.evaluate("document.getElementById('theme').click()");
        browser.evaluate("document.querySelectorAll('.log').forEach(button => button.click())");
        var ink = browser.evaluate(INK);
        ink.forEach(count -> assertTrue(count.asInt() > 0, "by time, logarithmic: " + ink));
        assertEquals(List.of(), browser.complaints());
        assertEquals(List.of(), browser.requests());
    }

    @Test
    void reportsAreDrawnWithoutErrorsOrRequests() throws IOException {
        var program = Browser.program();
        assumeTrue(program.isPresent(), "Chromium is needed: on the PATH, or named by CHROME");
        var short1 = run("short", 40);
        var long1 = run("long", 5000);
        var single =
                RunReport.write(long1, long1.report(), new Computing("cpu", 1)).file();
        var both = RunComparison.write(List.of(short1, long1), folder.resolve("compare.html"))
                .file();
        try (var browser = Browser.start(program.get(), folder.resolve("profile"))) {
            assertDrawn(browser, single, 8);
            assertDrawn(browser, both, 10);
        }
    }
}
