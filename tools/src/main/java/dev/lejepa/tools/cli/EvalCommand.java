package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.tools.eval.EvalFiles;
import dev.lejepa.tools.eval.EvalReport;
import dev.lejepa.tools.eval.EvalResult;
import dev.lejepa.tools.eval.EvalSettings;
import dev.lejepa.tools.eval.Evaluation;
import dev.lejepa.tools.eval.FeatureFolder;
import dev.lejepa.tools.eval.Judged;
import dev.lejepa.tools.eval.MeasuredTable;
import dev.lejepa.tools.eval.Shots;
import dev.lejepa.tools.export.BundleEncoder;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Preparation;
import dev.lejepa.trainer.layout.Layout;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.Option;

/// `eval`: an encoder judged by classifiers on its frozen features.
final class EvalCommand implements Command {
    private static final int LAYERS = 2;
    private static final String SHOTS = "1,10,all";
    private static final String DECAY = "1e-6";

    @Override
    public List<Option> options() {
        return Flags.with(
                EncoderFlags.all(),
                Flags.ranks(),
                Flags.value("encoder", "E.onnx", "an exported encoder, or another ONNX file from images to features"),
                Flags.value("run", "RUN", "a run; the encoder of its newest checkpoint is judged"),
                Flags.value(
                        "train", "DATA", "images to learn from, a folder for each class; with --layout, a data set"),
                Flags.value(
                        "test",
                        "DATA",
                        "images to test with (default: a fifth of the training images, held out; with --layout, its own)"),
                Flags.value(
                        "layout",
                        "NAME",
                        "DATA is a published data set as its archive unpacks: " + String.join(", ", Layout.names())),
                Flags.flag("table", "the published table with this encoder's row, gathered in --out DIR"),
                Flags.value(
                        "shots",
                        "1,10,all",
                        "images of each class that probes learn from (default: 1,10,all, those that there are)"),
                Flags.value("seeds", "N", "probes of each number of shots (default: 3 of few shots, 1 of all)"),
                Flags.value(
                        "weight-decay",
                        "W,...",
                        "of the probes; of several each is tried with each learning rate (default: the published "
                                + DECAY + ")"),
                Flags.flag("flip", "adds probes that also learn from mirrored images"),
                Flags.value("out", "DIR", "folder for eval.json, confusion.csv and the features"),
                Flags.device());
    }

    @Override
    public String example() {
        return "./lejepa eval --run runs/demo --train runs/demo/images/train --test runs/demo/images/val --shots 1,10,all";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        if (call.has("run") == call.has("encoder")) {
            throw new BadInputException("eval needs one of --encoder E.onnx and --run RUN");
        }
        var ranks = call.ranks(call.device());
        var leads = ranks.rank() == 0;
        var given = EncoderFlags.given(call);
        var settings = new EvalSettings(
                Shots.parse(call.text("shots").orElse(SHOTS)),
                call.has("shots"),
                call.whole("seeds", 1),
                weightDecays(call.text("weight-decay").orElse(DECAY)),
                call.has("flip"));
        var out = leads ? call.path("out") : Optional.<Path>empty();
        var layout = call.word("layout", Layout.names()).map(Layout::of);
        var table = Together.all(ranks, () -> {
            out.ifPresent(folder -> OutputPlace.requireFolder("out", folder));
            return leads ? table(call, layout, out) : Optional.<MeasuredTable>empty();
        });
        try (var images = Together.opened(ranks, () -> EvalData.open(call, layout));
                var cache = Together.opened(
                        ranks, () -> leads ? FeatureCache.open(out, call.console()::note) : FeatureCache.apart());
                var open = Together.opened(
                        ranks, () -> OpenEncoder.open(call, encoder(call, cache.path(), given), given))) {
            var encoder = open.encoder();
            var outputs = Together.all(ranks, () -> outputs(call, encoder));
            var workers = LoaderSize.autoWorkers(call.threads());
            var features = new FeatureFolder(cache.path(), workers, ranks, call.console()::note);
            var evaluation =
                    new Evaluation(open.engine(), encoder, outputs, images, features, settings, call.console()::note);
            if (leads) {
                tell(call, evaluation.run(), layout, table, out);
            } else {
                evaluation.help();
            }
        }
        return ExitCode.DONE;
    }

    /// Those that are judged, each a row of features for each image.
    private static Judged.Outputs outputs(Call call, Encoder encoder) {
        var outputs = call.has("output")
                ? new Judged.Outputs(call.required("output"), call.required("output"))
                : Judged.Outputs.of(encoder);
        encoder.width(outputs.probed());
        encoder.width(outputs.pooled());
        return outputs;
    }

    private static void tell(
            Call call, EvalResult result, Optional<Layout> layout, Optional<MeasuredTable> table, Optional<Path> out)
            throws IOException {
        EvalReport.lines(result).forEach(call.console()::say);
        if (out.isPresent()) {
            EvalFiles.write(out.get(), result, layout)
                    .forEach(file -> call.console().note("wrote " + PathText.shown(file)));
        }
        if (table.isPresent()) {
            tell(call, table.get().with(name(call), layout.orElseThrow(), result.percentages()), out);
        }
        var json = result.json();
        layout.ifPresent(of -> json.put("layout", of.toString()));
        call.console().result(json);
    }

    private static List<Double> weightDecays(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(word -> weightDecay(word, text))
                .distinct()
                .toList();
    }

    private static double weightDecay(String word, String text) {
        try {
            var decay = Double.parseDouble(word);
            if (decay >= 0 && Double.isFinite(decay)) {
                return decay;
            }
        } catch (NumberFormatException e) {
            // told below, as a number that is negative is
        }
        throw new BadInputException(
                Text.format("--weight-decay %s: found '%s', expected numbers from 0, such as 1e-6,0.1,1", text, word));
    }

    /// The table that the result goes into, if a person wants one.
    private static Optional<MeasuredTable> table(Call call, Optional<Layout> layout, Optional<Path> out)
            throws IOException {
        if (!call.has("table")) {
            return Optional.empty();
        }
        MeasuredTable.requireColumn(layout);
        return Optional.of(MeasuredTable.of(out));
    }

    private static void tell(Call call, MeasuredTable table, Optional<Path> out) throws IOException {
        call.console().say("");
        table.lines().forEach(call.console()::say);
        if (out.isPresent()) {
            table.write(out.get()).forEach(file -> call.console().note("wrote " + PathText.shown(file)));
        }
    }

    /// What the encoder is called in the table: where it is.
    private static String name(Call call) {
        return PathText.shown(call.requiredPath(call.has("encoder") ? "encoder" : "run"));
    }

    /// The given file, or a run's encoder with the outputs that the protocol reads.
    private static Path encoder(Call call, Path cache, Preparation.Given given) throws IOException {
        if (call.has("encoder")) {
            return call.requiredPath("encoder");
        }
        var run = call.requiredPath("run");
        try (var source = BundleEncoder.run(run)) {
            var place = Integer.toHexString(run.toRealPath().hashCode());
            var file = cache.resolve("encoder-" + place + ".onnx"); // the caches of two runs stay apart
            graph(call, source, OpenEncoder.sized(EncoderRequest.plain(), given))
                    .write(source::value, file);
            return file;
        }
    }

    /// With the last layers, where the model has so many that are alike.
    private static EncoderFile graph(Call call, BundleEncoder source, EncoderRequest request) throws IOException {
        if (!source.ofRecipe()) {
            return source.encoder(request);
        }
        try {
            return source.encoder(request.withLayers(LAYERS));
        } catch (BadInputException e) {
            var pooled = source.encoder(request); // first, as it may be the size that is refused
            call.console().note("note: judged by its pooled features alone: " + e.getMessage());
            return pooled;
        }
    }
}
