package dev.lejepa.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// The charts of one run: those of [Panel] that it has numbers for.
final class Charts {
    private final RunLog log;
    private final OptionalDouble ideal;
    private final ChartData data = new ChartData();

    private Charts(ReportedRun run) {
        this.log = run.log();
        this.ideal = run.ideal();
        for (var source : Source.values()) {
            data.table(table(source), log.of(source));
        }
    }

    /// The charts' sections, with their numbers put into `data`.
    record Drawn(Markup markup, ChartData data) {}

    /// @param figures that stand beside the charts of a group
    static Drawn of(ReportedRun run, Figures figures) {
        var charts = new Charts(run);
        var markup = new Markup();
        for (var group : Panel.Group.values()) {
            charts.section(group, figures.of(group), markup);
        }
        return new Drawn(markup, charts.data);
    }

    /// Figures that are no charts.
    interface Figures {
        /// Those of a group.
        List<Markup> of(Panel.Group group);
    }

    private static String table(Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    private void section(Panel.Group group, List<Markup> figures, Markup to) {
        var drawn = new ArrayList<Markup>();
        group.panels().forEach(panel -> chart(panel).ifPresent(drawn::add));
        drawn.addAll(figures);
        if (drawn.isEmpty()) {
            return;
        }
        to.open("section").element("h2", group.heading()).open("div", "class", "charts");
        drawn.forEach(to::add);
        to.close("div").close("section");
    }

    private Optional<Markup> chart(Panel panel) {
        var lines = IntStream.range(0, panel.curves().size())
                .filter(i -> has(panel.curves().get(i)))
                .mapToObj(i -> line(panel.curves().get(i), i))
                .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        var id = panel.name().toLowerCase(Locale.ROOT);
        data.chart(new ChartData.Chart(id, panel.format(), lines, ChartData.Level.of("ideal", level(panel))));
        return Optional.of(figure(id, panel.title(), panel.help()));
    }

    private boolean has(Curve curve) {
        return log.of(curve.source()).has(curve.column());
    }

    private static ChartData.Line line(Curve curve, int color) {
        return new ChartData.Line(table(curve.source()), curve.column(), curve.name(), color);
    }

    private OptionalDouble level(Panel panel) {
        return panel == Panel.SIGREG ? ideal : OptionalDouble.empty();
    }

    /// The place of a chart, which the page's script fills.
    static Markup figure(String id, String title, String help) {
        return new Markup()
                .open("figure", "class", "chart", "data-chart", id)
                .open("figcaption")
                .element("h3", title)
                .element("p", help)
                .close("figcaption")
                .open("div", "class", "plot")
                .close("div")
                .close("figure");
    }
}
