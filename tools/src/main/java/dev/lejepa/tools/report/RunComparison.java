package dev.lejepa.tools.report;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/// Several runs over each other: their results, their curves, and in what they differ.
public final class RunComparison {
    /// Runs at most: more lines than these nobody tells apart.
    static final int MOST = 100;

    /// Points of all runs' curves together.
    private static final int POINTS = 4000;

    private static final int MOST_POINTS = 1000;

    private final List<ReportedRun> runs;

    private RunComparison(List<ReportedRun> runs) {
        this.runs = runs;
    }

    /// What was written.
    ///
    /// @param notes what a reader should know of the runs
    public record Written(Path file, int runs, List<String> notes) {}

    /// Writes the comparison of runs.
    ///
    /// @throws BadInputException if one is no run, is damaged, or is given twice, or there are too few or too many
    public static Written write(List<RunFolder> folders, Path file) throws IOException {
        var comparison = new RunComparison(read(folders));
        AtomicFile.writeText(file, comparison.html());
        return new Written(file, folders.size(), comparison.notes());
    }

    private static List<ReportedRun> read(List<RunFolder> folders) throws IOException {
        if (folders.size() < 2) {
            throw new BadInputException(Text.format(
                    "found %d run to compare, expected at least 2; 'report RUN' shows a single one", folders.size()));
        }
        if (folders.size() > MOST) {
            throw new BadInputException(
                    Text.format("found %d runs to compare, expected at most %d", folders.size(), MOST));
        }
        requireRuns(folders);
        var points = Math.min(MOST_POINTS, POINTS / folders.size());
        var runs = new ArrayList<ReportedRun>();
        for (var folder : folders) {
            runs.add(ReportedRun.read(folder, points));
        }
        return named(runs);
    }

    /// All that are none are named at once.
    private static void requireRuns(List<RunFolder> folders) throws IOException {
        var none = folders.stream()
                .filter(folder -> !folder.isRun())
                .map(folder -> PathText.shown(folder.path()))
                .collect(Collectors.joining(", "));
        if (!none.isEmpty()) {
            throw new BadInputException(none + ": no run (no recipe.yaml in it), expected folders of runs");
        }
        var seen = new HashMap<Path, RunFolder>();
        for (var folder : folders) {
            var before = seen.putIfAbsent(folder.path().toRealPath(), folder);
            if (before != null) {
                throw new BadInputException(
                        Text.format("%s: is the same run as %s, expected each run once", folder.path(), before.path()));
            }
        }
    }

    /// By the names of their folders, where these tell them apart.
    private static List<ReportedRun> named(List<ReportedRun> runs) {
        var names = new HashSet<String>();
        return runs.stream().map(ReportedRun::name).allMatch(names::add)
                ? runs
                : runs.stream()
                        .map(run -> run.withName(PathText.shown(run.folder().path())))
                        .toList();
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        for (var run : runs) {
            run.log().cutOff().ifPresent(note -> notes.add(run.name() + ": " + note));
            if (run.log().totals().steps() == 0) {
                notes.add(run.name() + " has no steps yet and stands in no chart");
            }
        }
        Differences.scale(runs).ifPresent(notes::add);
        return notes;
    }

    private String html() {
        var charts = ComparedCharts.of(runs);
        var names = runs.stream().map(ReportedRun::name).collect(Collectors.joining(", "));
        var body = new Markup()
                .open("header")
                .element("h1", runs.size() + " runs")
                .element("p", names, "class", "quiet")
                .close("header")
                .open("main")
                .add(ResultTable.of(runs))
                .add(noted())
                .add(Toolbar.markup(keys()))
                .add(charts.markup())
                .add(Differences.section(runs))
                .close("main");
        return Page.html(names + " · LeJEPA", "compare", body, charts.data());
    }

    private Markup noted() {
        var notes = notes();
        var markup = new Markup();
        if (notes.isEmpty()) {
            return markup;
        }
        markup.open("section", "class", "warnings").open("ul");
        notes.forEach(note -> markup.element("li", note));
        return markup.close("ul").close("section");
    }

    /// Which color is which run; each can be hidden.
    private Markup keys() {
        var markup = new Markup().open("div", "class", "keys");
        for (var i = 0; i < runs.size(); i++) {
            markup.open("button", "type", "button", "data-run", runs.get(i).name(), "title", "Hide or show")
                    .add(swatch(i))
                    .element("span", runs.get(i).name(), "class", "label")
                    .close("button");
        }
        return markup.close("div");
    }

    /// The color of a run's curves.
    static Markup swatch(int run) {
        return new Markup().element("span", "", "class", "swatch", "data-color", Integer.toString(run));
    }
}
