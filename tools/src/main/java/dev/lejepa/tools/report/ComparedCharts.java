package dev.lejepa.tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// The charts of several runs: one for each curve of [Panel] that any of them has, with a line for each that has it.
final class ComparedCharts {
    private final List<ReportedRun> runs;
    private final ChartData data = new ChartData();

    private ComparedCharts(List<ReportedRun> runs) {
        this.runs = runs;
        for (var i = 0; i < runs.size(); i++) {
            for (var source : Source.values()) {
                data.table(table(i, source), runs.get(i).log().of(source));
            }
        }
    }

    static Charts.Drawn of(List<ReportedRun> runs) {
        var charts = new ComparedCharts(runs);
        var markup = new Markup();
        for (var group : Panel.Group.values()) {
            charts.section(group, markup);
        }
        return new Charts.Drawn(markup, charts.data);
    }

    private static String table(int run, Source source) {
        return run + "." + source.name().toLowerCase(Locale.ROOT);
    }

    private void section(Panel.Group group, Markup to) {
        var drawn = new ArrayList<Markup>();
        for (var panel : group.panels()) {
            panel.curves().forEach(curve -> chart(panel, curve).ifPresent(drawn::add));
        }
        if (drawn.isEmpty()) {
            return;
        }
        to.open("section").element("h2", group.heading()).open("div", "class", "charts");
        drawn.forEach(to::add);
        to.close("div").close("section");
    }

    private Optional<Markup> chart(Panel panel, Curve curve) {
        var lines = IntStream.range(0, runs.size())
                .filter(i -> runs.get(i).log().of(curve.source()).has(curve.column()))
                .mapToObj(i -> new ChartData.Line(
                        table(i, curve.source()), curve.column(), runs.get(i).name(), i))
                .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        var id = curve.source().name().toLowerCase(Locale.ROOT) + "-" + curve.column();
        var level = panel == Panel.SIGREG ? ideal() : OptionalDouble.empty();
        data.chart(new ChartData.Chart(id, panel.format(), lines, ChartData.Level.of("ideal", level)));
        return Optional.of(Charts.figure(id, curve.title(), panel.help()));
    }

    /// That of all runs, where it is one.
    private OptionalDouble ideal() {
        var ideals = runs.stream().map(ReportedRun::ideal).distinct().toList();
        return ideals.size() == 1 ? ideals.getFirst() : OptionalDouble.empty();
    }
}
