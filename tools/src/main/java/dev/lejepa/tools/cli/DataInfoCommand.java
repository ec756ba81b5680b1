package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.DataSpec;
import dev.lejepa.tools.data.SourceSummary;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/// `data info`: what a source holds.
final class DataInfoCommand implements Command {
    private static final int NAMED_AT_MOST = 10;
    private static final int CLASSES_AT_MOST = 20;

    @Override
    public List<Option> options() {
        return List.of(
                Flags.flag("decode", "decodes every image, which finds those that are damaged behind their header"));
    }

    @Override
    public String operands() {
        return "DATA";
    }

    @Override
    public String example() {
        return "./lejepa data info photos";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        var data = call.operands(1, 1).getFirst();
        try (var source = call.sources().open(data)) {
            source.notes().forEach(note -> call.console().note("note: " + note));
            var summary = SourceSummary.of(source, DataSpec.defaults().maxPixels(), call.has("decode"));
            say(call.console(), source.place(), summary);
            call.console().result(json(summary));
        }
        return ExitCode.DONE;
    }

    private static void say(Console console, String place, SourceSummary summary) {
        console.say(Text.format(
                "%s: %,d images, %,d bytes, in %,d %s",
                place, summary.images(), summary.bytes(), summary.files(), summary.files() == 1 ? "file" : "files"));
        if (summary.widths().isPresent() && summary.heights().isPresent()) {
            var widths = summary.widths().get();
            var heights = summary.heights().get();
            console.say(Text.format(
                    "  pixels   %d to %d wide (median %d), %d to %d high (median %d)",
                    widths.least(), widths.most(), widths.median(), heights.least(), heights.most(), heights.median()));
        }
        if (!summary.formats().isEmpty()) {
            console.say(
                    "  formats  " + counts(summary.formats(), summary.formats().size()));
        }
        console.say(
                summary.classes().isEmpty()
                        ? "  classes  none"
                        : Text.format(
                                "  classes  %d: %s",
                                summary.classes().size(), counts(summary.classes(), CLASSES_AT_MOST)));
        if (!summary.classes().isEmpty() && summary.unlabelled() > 0) {
            console.say(Text.format("           %,d images without a class", summary.unlabelled()));
        }
        summary.blocks()
                .ifPresent(blocks -> console.say(Text.format(
                        "  order    %d blocks of images that are read together; an epoch shuffles images within %d of them",
                        blocks.sizes().size(), blocks.window())));
        console.say(Text.format("  broken   %,d", summary.broken().size()));
        summary.broken().stream().limit(NAMED_AT_MOST).forEach(why -> console.say("           " + why));
        if (summary.broken().size() > NAMED_AT_MOST) {
            console.say("           ...");
        }
    }

    private static String counts(Map<String, Integer> counts, int most) {
        var first = counts.entrySet().stream()
                .limit(most)
                .map(entry -> Text.format("%s %,d", Escapes.unprintable(entry.getKey()), entry.getValue()))
                .collect(Collectors.joining(", "));
        return counts.size() > most ? first + ", ..." : first;
    }

    private static ObjectNode json(SourceSummary summary) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("images", summary.images());
        json.put("classes", summary.classes().size());
        var perClass = json.putObject("images_per_class");
        summary.classes().forEach((name, count) -> perClass.put(Escapes.unprintable(name), count));
        json.put("unlabelled", summary.unlabelled());
        json.put("bytes", summary.bytes());
        json.put("broken", summary.broken().size());
        var named = json.putArray("broken_images");
        summary.broken().stream().limit(NAMED_AT_MOST).forEach(named::add);
        var formats = json.putObject("formats");
        summary.formats().forEach(formats::put);
        summary.widths().ifPresent(spread -> put(json.putObject("width"), spread));
        summary.heights().ifPresent(spread -> put(json.putObject("height"), spread));
        json.put("files", summary.files());
        summary.blocks()
                .ifPresent(blocks -> json.put("blocks", blocks.sizes().size()).put("window", blocks.window()));
        return json;
    }

    private static void put(ObjectNode json, SourceSummary.Spread spread) {
        json.put("least", spread.least()).put("median", spread.median()).put("most", spread.most());
    }
}
