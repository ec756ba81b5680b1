package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.tools.pictures.MapPicture;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.Option;

/// `map`: all images of a folder on a plane.
final class MapCommand implements Command {
    private static final String TSNE = "tsne";
    private static final List<String> METHODS = List.of("pca", TSNE);

    @Override
    public List<Option> options() {
        return Flags.with(
                OpenEncoder.options(),
                Flags.value(
                        "data",
                        "DATA",
                        "images: a folder, whose folders are classes, each with a color, or whatever data.train may name"),
                Flags.value("method", String.join("|", METHODS), "how the plane is found (default: tsne)"),
                Flags.value(
                        "seed",
                        "N",
                        "of where t-SNE begins, and of which images are drawn where there is no room for all (default: 0)"),
                Flags.value("out", "map.png", "file to write"),
                EncoderFlags.output());
    }

    @Override
    public String example() {
        return "./lejepa map --run runs/demo --data photos --out map.png";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var data = call.required("data");
        var method = call.word("method", METHODS).orElse(TSNE);
        var seed = call.wholeLong("seed").orElse(0);
        var out = call.requiredOutputFile("out");
        try (var source = call.sources().openFlat(data);
                var open = OpenEncoder.of(call, EncoderRequest.plain())) {
            OutputPlace.requireNoImage("out", out, source, data);
            var output = EncoderFlags.output(call, open.encoder());
            var picture = new MapPicture(open.encoder(), output, call.threads());
            var drawn = picture.draw(source, method.equals(TSNE), seed);
            drawn.notes().forEach(call.console()::note);
            drawn.sheet().write(out);
            call.console()
                    .say(Text.format(
                            "%s: %d images by %s, %d of them drawn", out, drawn.images(), method, drawn.drawn()));
            call.console()
                    .result(JsonNodeFactory.instance
                            .objectNode()
                            .put("images", drawn.images())
                            .put("drawn", drawn.drawn())
                            .put("skipped", drawn.skipped())
                            .put("method", method)
                            .put("map", PathText.text(out)));
        }
        return ExitCode.DONE;
    }
}
