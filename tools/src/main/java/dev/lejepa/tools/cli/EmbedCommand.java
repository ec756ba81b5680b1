package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.export.Embedder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `embed`: the features of a folder of images.
final class EmbedCommand implements Command {
    @Override
    public List<Option> options() {
        return Flags.with(
                EncoderFlags.all(),
                Flags.ranks(),
                Flags.value(
                        "encoder", "encoder.onnx", "an exported encoder, or another ONNX file from images to features"),
                Flags.value("data", "DATA", "images: a folder, searched through, or whatever data.train may name"),
                Flags.value(
                        "out",
                        "f.npy",
                        "file of features; the images' paths go to f.paths.txt beside it, one a line (\\n, \\r, \\\\ stand for line ends and backslashes in names)"),
                Flags.device());
    }

    @Override
    public String example() {
        return "./lejepa embed --encoder runs/demo/encoder.onnx --data photos --out photos.npy";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var ranks = call.ranks(call.device());
        var out = Together.all(ranks, () -> ranks.rank() == 0 ? out(call) : call.requiredPath("out"));
        try (var source = Together.opened(ranks, () -> call.sources().openFlat(call.required("data")))) {
            Together.all(ranks, () -> {
                OutputPlace.requireNoImage("out", out, source);
                return out;
            });
            embed(call, ranks, source, out);
        }
        return ExitCode.DONE;
    }

    private static Path out(Call call) throws IOException {
        var encoder = call.requiredPath("encoder");
        call.required("data");
        var out = call.requiredOutputFile("out", encoder);
        var list = Embedder.pathsFile(out);
        list.ifPresent(file -> OutputPlace.requireFile("out", file, List.of(encoder)));
        if (list.isEmpty()) {
            call.console().note(Text.format("note: %s is no file, so no list of paths is written beside it", out));
        }
        return out;
    }

    private static void embed(Call call, Ranks ranks, ImageSource source, Path out)
            throws IOException, InterruptedException {
        var threads = call.threads();
        var device = call.toldDevice();
        try (var engine = Together.opened(ranks, () -> OrtEngine.open(device, EngineOptions.of(threads)));
                var opened = Together.opened(
                        ranks, () -> Encoder.open(engine, call.requiredPath("encoder"), EncoderFlags.given(call)))) {
            var result = new Embedder(opened, LoaderSize.autoWorkers(threads), ranks, call.console()::note)
                    .embed(EncoderFlags.output(call, opened), source, out);
            var rate = result.images() / result.seconds();
            call.console()
                    .say(Text.format(
                            "%s: %d images, %d features each, %.0f images/s%s",
                            out,
                            result.images(),
                            result.width(),
                            rate,
                            result.skipped() == 0
                                    ? ""
                                    : Text.format(", %d unreadable images skipped", result.skipped())));
            call.console()
                    .result(JsonNodeFactory.instance
                            .objectNode()
                            .put("images", result.images())
                            .put("width", result.width())
                            .put("images_per_s", rate)
                            .put("skipped", result.skipped()));
        }
    }
}
