package dev.lejepa.tools.report;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.report.SigregLevels;
import dev.lejepa.trainer.train.RunData;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A run as its folder tells it: finished, stopped or still at work.
///
/// @param name as people are to read it
/// @param engine what computed it last, where that is known
/// @param data what it saw of its images, where that is known
record ReportedRun(
        String name, RunFolder folder, Recipe recipe, RunLog log, Optional<RunEngine> engine, Optional<RunData> data) {
    /// Reads a run.
    ///
    /// @param points of a curve at most
    /// @throws BadInputException if the folder is no run, or what is in it is damaged
    static ReportedRun read(RunFolder folder, int points) throws IOException {
        folder.requireRun();
        var recipe = RecipeFile.read(folder.recipe(), List.of());
        var log = RunLogReader.read(folder.metrics(), recipe.data().batch(), points);
        return new ReportedRun(shown(folder.name()), folder, recipe, log, RunEngine.read(folder), RunData.read(folder));
    }

    private static String shown(String name) {
        return PathText.shown(PathText.path(name));
    }

    ReportedRun withName(String name) {
        return new ReportedRun(name, folder, recipe, log, engine, data);
    }

    /// What SIGReg is for perfectly normal rows; empty for other regularizers.
    OptionalDouble ideal() {
        return SigregLevels.of(recipe).stream()
                .mapToDouble(SigregLevels::perfect)
                .findFirst();
    }

    /// Seconds that the run took. Of a run in several sittings, whose ends are not kept, those of the steps alone.
    double seconds() {
        var only = log.sittings().size() == 1 ? log.last().flatMap(RunLog.Sitting::end) : Optional.<RunLog.End>empty();
        return only.map(RunLog.End::seconds)
                .filter(Double::isFinite)
                .orElse(log.totals().seconds());
    }

    /// The step after which the run is to stop; that of the last one where it never began.
    long planned() {
        return log.last().map(RunLog.Sitting::planned).orElse(log.totals().lastStep());
    }

    /// How it stands, in a few words.
    String state() {
        var last = log.last();
        if (last.isEmpty()) {
            return "not begun";
        }
        return last.get().end().map(end -> words(end.outcome())).orElse("at work or killed");
    }

    private static String words(String outcome) {
        return switch (outcome) {
            case "done" -> "finished";
            case "interrupted" -> "interrupted";
            case "failed" -> "failed";
            default -> outcome; // of a later version
        };
    }
}
