package dev.lejepa.tools.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A page with all that it needs inside: styles, scripts and numbers. Its content security policy lets a browser load
/// nothing else.
final class Page {
    private static final String HERE = "/dev/lejepa/tools/report/";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final String UPLOT_VERSION = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private Page() {}

    /// The page's HTML.
    ///
    /// @param title of the browser's window
    /// @param kind class of the page's body
    /// @param body its visible part
    /// @param data what its charts are drawn from
    static String html(String title, String kind, Markup body, ChartData data) {
        var uplot = UPLOT + version();
        var page = new StringBuilder();
        // pieces are put between those of the template, never searched: what a run is called cannot be taken for a mark
        var pieces = text(HERE + "page.html").split("@[A-Z]+@", -1);
        var contents = new String[] {
            new Markup().text(title).toString(),
            text(uplot + "/dist/uPlot.min.css"),
            text(HERE + "page.css"),
            kind,
            body.toString(),
            data.json(),
            text(uplot + "/LICENSE"),
            text(uplot + "/dist/uPlot.iife.min.js"),
            text(HERE + "page.js")
        };
        if (pieces.length != contents.length + 1) {
            throw new IllegalStateException("page.html has " + (pieces.length - 1) + " places to fill");
        }
        for (var i = 0; i < contents.length; i++) {
            page.append(pieces[i]).append(contents[i]);
        }
        return page.append(pieces[contents.length]).toString();
    }

    private static String version() {
        var properties = new Properties();
        try (var in = open(UPLOT_VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + UPLOT_VERSION + " in the program's own files", e);
        }
        return properties.getProperty("version");
    }

    private static String text(String resource) {
        try (var in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " in the program's own files", e);
        }
    }

    private static InputStream open(String resource) {
        @Nullable InputStream in = Page.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the program was built without its " + resource);
        }
        return in;
    }
}
