package dev.lejepa.tools.rank;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.LossSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Settings in which runs differ and that change the scale of their losses. The order stands, with a warning: which of
/// two scales is the better one is nothing that a loss can tell.
public final class Differences {
    private Differences() {}

    /// One sentence for each such setting.
    public static List<String> among(List<FinishedRun> runs) {
        var notes = new ArrayList<String>();
        note(runs, "loss.dialect", r -> r.recipe().loss().dialect()).ifPresent(notes::add);
        note(runs, "the regularizer", r -> test(r.recipe().loss())).ifPresent(notes::add);
        note(runs, "model.projector.out", r -> r.recipe().model().projector().out())
                .ifPresent(notes::add);
        note(runs, "views", r -> r.recipe().views()).ifPresent(notes::add);
        return notes;
    }

    /// What is tested, slices aside: more of them make the same number more exact.
    private static String test(LossSpec loss) {
        return Text.format("%s %s %s %s", loss.regularizer().word(), loss.knots(), loss.tMax(), loss.test());
    }

    private static Optional<String> note(List<FinishedRun> runs, String key, Function<FinishedRun, Object> setting) {
        var found = new LinkedHashSet<Object>();
        runs.forEach(r -> found.add(setting.apply(r)));
        if (found.size() < 2) {
            return Optional.empty();
        }
        var other = runs.stream()
                .filter(r -> !setting.apply(r).equals(setting.apply(runs.getFirst())))
                .findFirst()
                .orElseThrow();
        return Optional.of(Text.format(
                "warning: %s differs between %s and %s, so their losses are not on one scale",
                key, runs.getFirst().name(), other.name()));
    }
}
