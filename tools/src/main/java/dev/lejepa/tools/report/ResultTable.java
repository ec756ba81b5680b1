package dev.lejepa.tools.report;

import dev.lejepa.graphs.Text;
import java.util.List;

/// What came of each run, a row each.
final class ResultTable {
    private static final List<String> COLUMNS = List.of(
            "loss",
            "invariance",
            "SIGReg",
            "/ ideal",
            "top-1",
            "best",
            "RankMe",
            "images/s",
            "waits",
            "time",
            "steps",
            "warnings");

    private ResultTable() {}

    static Markup of(List<ReportedRun> runs) {
        var markup = new Markup()
                .open("section")
                .element("h2", "Results")
                .element("p", "Losses are means of the last " + StepTotals.TAIL + " steps.", "class", "quiet")
                .open("div", "class", "wide")
                .open("table", "class", "results")
                .open("thead")
                .open("tr")
                .element("th", "run", "class", "key");
        COLUMNS.forEach(column -> markup.element("th", column, "class", "number"));
        markup.element("th", "state").close("tr").close("thead").open("tbody");
        for (var i = 0; i < runs.size(); i++) {
            var run = runs.get(i);
            markup.open("tr")
                    .open("td", "class", "key")
                    .add(RunComparison.swatch(i))
                    .text(run.name())
                    .close("td");
            cells(run).forEach(cell -> markup.element("td", cell, "class", "number"));
            markup.element("td", run.state()).close("tr");
        }
        return markup.close("tbody").close("table").close("div").close("section");
    }

    private static List<String> cells(ReportedRun run) {
        var totals = run.log().totals();
        var epochs = run.log().of(Source.EPOCHS);
        var ideal = run.ideal();
        return List.of(
                Words.number(totals.loss()),
                Words.number(totals.invariance()),
                Words.number(totals.sigreg()),
                ideal.isPresent() && Double.isFinite(totals.sigreg())
                        ? Text.format("%.2f", totals.sigreg() / ideal.getAsDouble())
                        : Words.NONE,
                Words.percent(epochs.latest("val_top1")),
                Words.percent(epochs.greatest("val_top1")),
                Words.number(run.log().of(Source.EMBEDDING).latest("rankme")),
                Words.rate(totals.imagesPerSecond()),
                Words.percent(totals.waitShare()),
                totals.steps() == 0 ? Words.NONE : Words.time(run.seconds()),
                Words.count(totals.lastStep()),
                Words.count(run.log().warningsInAll()));
    }
}
