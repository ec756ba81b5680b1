package dev.lejepa.tools.report;

import dev.lejepa.graphs.recipe.RecipeSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// In what runs differ: keys of their recipes, machines, images.
final class Differences {
    /// Settings that decide what a loss of a given size means; `views.` stands for all that begin so.
    private static final List<String> SCALES = List.of(
            "loss.dialect",
            "loss.regularizer",
            "loss.lambda",
            "loss.knots",
            "loss.t_max",
            "loss.test.",
            "views.",
            "model.projector.out");

    /// Of the machine, but true of one run alone.
    private static final Set<String> OWN = Set.of("Folder", "Recipe's SHA-256");

    private Differences() {}

    /// Each name that two runs have different values for, with the value of each run; nothing where a run has none.
    static SequencedMap<String, List<Optional<String>>> among(List<? extends Map<String, String>> facts) {
        var names = new LinkedHashSet<String>();
        facts.forEach(of -> names.addAll(of.keySet()));
        var different = new LinkedHashMap<String, List<Optional<String>>>();
        for (var name : names) {
            var values =
                    facts.stream().map(of -> Optional.ofNullable(of.get(name))).toList();
            if (values.stream().distinct().count() > 1) {
                different.put(name, values);
            }
        }
        return different;
    }

    private static SequencedMap<String, List<Optional<String>>> ofRecipes(List<ReportedRun> runs) {
        return among(runs.stream().map(Differences::settings).toList());
    }

    private static Map<String, String> settings(ReportedRun run) {
        var settings = new LinkedHashMap<String, String>();
        RecipeSettings.of(run.recipe()).forEach((key, value) -> settings.put(key, value.text()));
        return settings;
    }

    private static Map<String, String> surroundings(ReportedRun run) {
        var facts = new LinkedHashMap<>(MachineSection.facts(run));
        facts.keySet().removeAll(OWN);
        return facts;
    }

    /// A sentence where the runs' losses are not on one scale.
    static Optional<String> scale(List<ReportedRun> runs) {
        var keys = ofRecipes(runs).keySet().stream()
                .filter(key -> SCALES.stream().anyMatch(s -> s.endsWith(".") ? key.startsWith(s) : key.equals(s)))
                .toList();
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("Losses are not on one scale: the runs differ in " + String.join(", ", keys));
    }

    static Markup section(List<ReportedRun> runs) {
        var different = new ArrayList<>(ofRecipes(runs).entrySet());
        different.addAll(
                among(runs.stream().map(Differences::surroundings).toList()).entrySet());
        var markup = new Markup().open("section").element("h2", "What differs");
        if (different.isEmpty()) {
            return markup.element("p", "Neither recipes nor machines nor images.", "class", "quiet")
                    .close("section");
        }
        markup.open("div", "class", "wide")
                .open("table")
                .open("thead")
                .open("tr")
                .element("th", "key");
        for (var i = 0; i < runs.size(); i++) {
            markup.open("th")
                    .add(RunComparison.swatch(i))
                    .text(runs.get(i).name())
                    .close("th");
        }
        markup.close("tr").close("thead").open("tbody");
        for (var row : different) {
            markup.open("tr").element("td", row.getKey(), "class", "key");
            row.getValue().forEach(value -> markup.element("td", value.orElse(Words.NONE)));
            markup.close("tr");
        }
        return markup.close("tbody").close("table").close("div").close("section");
    }
}
