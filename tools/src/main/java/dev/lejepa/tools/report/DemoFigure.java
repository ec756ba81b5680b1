package dev.lejepa.tools.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.demo.DemoResult;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// What the demonstration came to, as bars: accuracies of linear classifiers on features of the encoder after training
/// and before, and on the pixels.
final class DemoFigure {
    private static final double WIDTH = 640;
    private static final double LABELS = 190;
    private static final double NUMBERS = 70;
    private static final double LINE = 34;
    private static final double BAR = 18;

    private final JsonNode result;
    private final Markup svg = new Markup();

    private DemoFigure(JsonNode result) {
        this.result = result;
    }

    /// A bar.
    private record Bar(String key, String name, String kind) {}

    private static final List<Bar> BARS = List.of(
            new Bar("probe_top1", "trained encoder", "bar"),
            new Bar("untrained_top1", "untrained encoder", "bar base"),
            new Bar("pixel_top1", "raw pixels", "bar base"),
            new Bar("chance", "chance", "bar base"));

    /// The section; nothing where the run is no demonstration, or has not come to its end.
    static Markup of(RunFolder folder) throws IOException {
        var file = DemoResult.file(folder);
        if (!Files.isRegularFile(file)) {
            return new Markup();
        }
        try {
            return new DemoFigure(new ObjectMapper().readTree(Files.readAllBytes(file))).section();
        } catch (JsonProcessingException e) {
            return new Markup(); // the run itself is whole
        }
    }

    private Markup section() {
        svg.open("svg", "viewBox", Text.format("0 0 %.0f %.0f", WIDTH, LINE * BARS.size()), "role", "img");
        for (var i = 0; i < BARS.size(); i++) {
            bar(BARS.get(i), i * LINE);
        }
        svg.close("svg");
        return new Markup()
                .open("section")
                .element("h2", "What the encoder learned")
                .element(
                        "p",
                        "Held-out images put in the right one of ten classes by a linear classifier on frozen features.",
                        "class",
                        "quiet")
                .open("figure", "class", "bars")
                .add(svg)
                .close("figure")
                .close("section");
    }

    private void bar(Bar bar, double top) {
        var share = result.path(bar.key()).asDouble(0);
        var longest = WIDTH - LABELS - NUMBERS;
        svg.element("text", bar.name(), "class", "strong", "x", "0", "y", Markup.at(top + BAR - 4))
                .open(
                        "rect",
                        "class",
                        bar.kind(),
                        "x",
                        Markup.at(LABELS),
                        "y",
                        Markup.at(top),
                        "width",
                        Markup.at(Math.max(1, longest * share)),
                        "height",
                        Markup.at(BAR),
                        "rx",
                        "3")
                .close("rect")
                .element(
                        "text",
                        Words.percent(share),
                        "class",
                        "strong",
                        "x",
                        Markup.at(LABELS + longest * share + 8),
                        "y",
                        Markup.at(top + BAR - 4));
    }
}
