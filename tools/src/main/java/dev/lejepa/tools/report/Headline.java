package dev.lejepa.tools.report;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;

/// The numbers that a run is judged by at first sight.
final class Headline {
    /// A number with its name above it and what it means below.
    record Tile(String name, String value, String note) {}

    private Headline() {}

    /// Those that a run has, or may come to have.
    static List<Tile> of(ReportedRun run) {
        var tiles = new ArrayList<Tile>();
        var totals = run.log().totals();
        tiles.add(new Tile("Loss", Words.number(totals.loss()), lastSteps(totals)));
        tiles.add(top1(run.log().of(Source.EPOCHS)));
        tiles.add(sigreg(run));
        tiles.add(rank(run.log()));
        tiles.add(new Tile("Images/s", Words.rate(totals.imagesPerSecond()), waiting(totals)));
        tiles.add(new Tile("Time", totals.steps() == 0 ? Words.NONE : Words.time(run.seconds()), steps(run)));
        return tiles;
    }

    static Markup markup(List<Tile> tiles) {
        var markup = new Markup().open("div", "class", "tiles");
        for (var tile : tiles) {
            markup.open("div", "class", "tile")
                    .element("div", tile.name(), "class", "name")
                    .element("div", tile.value(), "class", "value")
                    .element("div", tile.note(), "class", "note")
                    .close("div");
        }
        return markup.close("div");
    }

    private static String lastSteps(StepTotals totals) {
        return totals.steps() == 0
                ? "no step yet"
                : "mean of the last " + Words.count(Math.min(totals.steps(), StepTotals.TAIL), "step");
    }

    private static Tile top1(Buckets epochs) {
        var last = epochs.latest("val_top1");
        var note = Double.isFinite(last)
                ? "online probe; best " + Words.percent(epochs.greatest("val_top1"))
                : "no held-out images with labels";
        return new Tile("Held-out top-1", Words.percent(last), note);
    }

    /// Beside its ideal, where that is known.
    private static Tile sigreg(ReportedRun run) {
        var value = run.log().totals().sigreg();
        if (run.ideal().isEmpty() || !Double.isFinite(value)) {
            return new Tile(
                    "SIGReg",
                    Words.number(value),
                    run.recipe().loss().regularizer().word());
        }
        var ideal = run.ideal().getAsDouble();
        return new Tile(
                "SIGReg / ideal",
                Text.format("%.2f", value / ideal),
                Text.format("%s; normal rows give %s", Words.number(value), Words.number(ideal)));
    }

    private static Tile rank(RunLog log) {
        var embedding = log.of(Source.EMBEDDING);
        var rank = embedding.latest("rankme");
        var most = embedding.latest("rank_max");
        var note = Double.isFinite(rank) && Double.isFinite(most)
                ? "of at most " + Words.number(most) + ", embedding"
                : "not measured";
        return new Tile("RankMe", Double.isFinite(rank) ? Text.format("%.1f", rank) : Words.NONE, note);
    }

    private static String waiting(StepTotals totals) {
        return totals.steps() == 0 ? "no step yet" : Words.percent(totals.waitShare()) + " of the time waits for data";
    }

    private static String steps(ReportedRun run) {
        var done =
                Text.format("%s of %s", Words.count(run.log().totals().lastStep()), Words.count(run.planned(), "step"));
        return run.log().sittings().size() > 1
                ? done + ", steps alone, in " + Words.count(run.log().sittings().size(), "sitting")
                : done;
    }
}
