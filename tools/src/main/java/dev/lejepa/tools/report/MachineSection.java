package dev.lejepa.tools.report;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.RecipeSettings;
import dev.lejepa.tools.run.DeviceWords;
import dev.lejepa.trainer.data.ImageCensus;
import dev.lejepa.trainer.train.RunData;
import dev.lejepa.trainer.train.RunEngine;
import dev.lejepa.trainer.train.RunVersions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Where, when and on which images a run took place.
final class MachineSection {
    private MachineSection() {}

    static Markup of(ReportedRun run) {
        var markup =
                new Markup().open("section").element("h2", "Machine and images").open("dl");
        facts(run)
                .forEach((name, value) -> markup.open("div")
                        .element("dt", name)
                        .element("dd", value)
                        .close("div"));
        return markup.close("dl").add(sittings(run.log().sittings())).close("section");
    }

    /// What is known, by name.
    static SequencedMap<String, String> facts(ReportedRun run) {
        var facts = new LinkedHashMap<String, String>();
        run.engine().ifPresent(engine -> facts.putAll(facts(engine)));
        run.data().ifPresent(data -> facts.putAll(facts(data)));
        run.log().last().ifPresent(last -> facts.put("Parameters", Words.count(last.parameters())));
        facts.put("Recipe's SHA-256", RecipeSettings.sha256(run.recipe()).substring(0, 16));
        facts.put("Folder", PathText.shown(run.folder().path().toAbsolutePath().normalize()));
        return facts;
    }

    private static Map<String, String> facts(RunEngine engine) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("Device", DeviceWords.of(engine.device(), engine.threads()));
        if (!engine.processor().isEmpty()) {
            facts.put("Processor", engine.processor());
        }
        if (engine.versions() != null) {
            facts.putAll(facts(engine.versions()));
        }
        return facts;
    }

    private static Map<String, String> facts(RunVersions versions) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("System", versions.system());
        facts.put("Java", versions.java());
        facts.put("ONNX Runtime", versions.onnxRuntime());
        if (versions.jpeg() != null) {
            facts.put("JPEG decoder", versions.jpeg());
        }
        if (versions.program() != null) {
            facts.put("LeJEPA for the JVM", versions.program());
        }
        return facts;
    }

    private static Map<String, String> facts(RunData data) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("Training images", words(data.train()));
        if (data.val() != null) {
            facts.put("Held-out images", words(data.val()));
        }
        return facts;
    }

    private static String words(ImageCensus images) {
        var classes = images.classes().size();
        return Text.format(
                "%,d%s",
                images.images(),
                classes == 0 ? ", unlabelled" : " in " + Words.count(classes) + (classes == 1 ? " class" : " classes"));
    }

    private static Markup sittings(List<RunLog.Sitting> sittings) {
        var markup = new Markup();
        if (sittings.isEmpty()) {
            return markup;
        }
        var lines = new ArrayList<String>();
        for (var sitting : sittings) {
            lines.add(Text.format(
                    "%s %s on %s",
                    sitting.step() == 0 ? "Began" : "Resumed after " + Words.count(sitting.step(), "step"),
                    time(sitting.began()),
                    DeviceWords.of(sitting.device(), sitting.threads())));
        }
        sittings.getLast()
                .end()
                .ifPresent(end -> lines.add(Text.format(
                        "Ended %s after %s: %s", time(end.time()), Words.count(end.step(), "step"), end.outcome())));
        markup.open("ul", "class", "quiet");
        lines.forEach(line -> markup.element("li", line));
        return markup.close("ul");
    }

    /// To the minute; what is no time stays as it is written.
    static String time(String written) {
        try {
            var time = Instant.parse(written).atOffset(ZoneOffset.UTC);
            return Text.format(
                    "%04d-%02d-%02d %02d:%02d UTC",
                    time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour(), time.getMinute());
        } catch (DateTimeParseException e) {
            return written;
        }
    }
}
