package dev.lejepa.tools.report;

import java.util.ArrayList;
import java.util.List;

/// What a person should look at, in words.
final class WarningsSection {
    /// Files that a warning names.
    private static final int FILES = 5;

    private WarningsSection() {}

    /// The section; where there is nothing to say, it says so.
    static Markup of(RunLog log) {
        var notes = notes(log);
        if (notes.isEmpty() && log.warnings().isEmpty()) {
            return new Markup().element("p", "No warnings.", "class", "quiet fine");
        }
        var markup = new Markup()
                .open("section", "class", "warnings")
                .element("h2", "Warnings")
                .open("ul");
        notes.forEach(note -> markup.element("li", note));
        log.warnings().forEach(warning -> add(warning, markup));
        var more = log.warningsInAll() - log.warnings().size();
        if (more > 0) {
            markup.element("li", "and " + Words.count(more) + " more, in metrics.jsonl");
        }
        return markup.close("ul").close("section");
    }

    /// What the report itself found.
    private static List<String> notes(RunLog log) {
        var notes = new ArrayList<String>();
        log.cutOff().ifPresent(notes::add);
        var nonFinite = log.totals().nonFinite();
        if (nonFinite > 0) {
            notes.add("the loss of " + Words.count(nonFinite, "step") + " is not a finite number; curves leave it out");
        }
        return notes;
    }

    private static void add(RunLog.Warning warning, Markup to) {
        to.open("li")
                .element("span", "step " + Words.count(warning.step()), "class", "when")
                .element("span", warning.about(), "class", "about")
                .text(warning.message());
        if (!warning.files().isEmpty()) {
            var named = warning.files().stream().limit(FILES).toList();
            var more = warning.files().size() - named.size();
            to.element("div", String.join(", ", named) + (more > 0 ? " and " + more + " more" : ""), "class", "files");
        }
        to.close("li");
    }
}
