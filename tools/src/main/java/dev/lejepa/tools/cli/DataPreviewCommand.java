package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.tools.data.Preview;
import dev.lejepa.tools.data.PreviewSheet;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.Option;

/// `data preview`: what a recipe makes of images, as a picture.
final class DataPreviewCommand implements Command {
    private static final int IMAGES = 8;

    @Override
    public List<Option> options() {
        return List.of(
                Flags.config(),
                Flags.set(),
                Flags.value("out", "P.png", "file to write"),
                Flags.value("images", "N", "how many of the first batch (default: 8)"));
    }

    @Override
    public String operands() {
        return "DATA";
    }

    @Override
    public String example() {
        return "./lejepa data preview photos --config recipes/imagenette-minimal.yaml --out preview.png";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        var data = call.operands(1, 1).getFirst();
        var recipe = call.recipe();
        var images = call.whole("images", 1).orElse(IMAGES);
        var out = call.requiredOutputFile("out", call.requiredPath("config"));
        try (var source = call.sources().open(data)) {
            OutputPlace.requireNoImage("out", out, source, data);
            source.notes().forEach(note -> call.console().note("note: " + note));
            var preview = Preview.of(source, recipe, images);
            new PreviewSheet(source, preview).draw(title(recipe, preview)).write(out);
            call.console()
                    .say(Text.format(
                            "%s: %d images, %d views", out, preview.images().size(), preview.views()));
            call.console()
                    .result(JsonNodeFactory.instance
                            .objectNode()
                            .put("images", preview.images().size())
                            .put("views", preview.views())
                            .put("preview", PathText.text(out)));
        }
        return ExitCode.DONE;
    }

    private static String title(Recipe recipe, Preview preview) {
        var groups = recipe.views().groups().stream()
                .map(group -> Text.format(
                        "%d %s views of %d pixels",
                        group.crop().count(), group.name(), group.crop().size()))
                .collect(Collectors.joining(", "));
        return Text.format(
                "first step of seed %d, %d of its images: %s",
                recipe.seed(), preview.images().size(), groups);
    }
}
