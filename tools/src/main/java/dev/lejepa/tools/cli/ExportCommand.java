package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.OnnxModel;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.tools.config.BackboneOption;
import dev.lejepa.tools.export.BundleEncoder;
import dev.lejepa.tools.export.ExportedEncoder;
import dev.lejepa.tools.export.NamedEncoder;
import dev.lejepa.tools.inspect.OnnxSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/// `export`: the encoder for inference, or its weights alone, from a run's newest checkpoint, a bundle's initial
/// parameters, or a named model with a file of weights.
final class ExportCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(
                Flags.value("run", "RUN", "a run; its newest checkpoint is exported"),
                Flags.value("bundle", "BUNDLE", "a bundle; its initial parameters are exported"),
                Flags.value("model", "NAME", "a model by timm's name, without a run"),
                Flags.value(
                        "weights-from",
                        "FILE",
                        "with --model: its weights, as .safetensors, .pth/.pt/.bin or .npz, in timm's, Hugging Face's or"
                                + " JAX's names (default: as it starts)"),
                Flags.value(
                        "set",
                        "KEY=VALUE",
                        "with --model: an argument of it, such as model.backbone.img_size=448; may be repeated"),
                Flags.value("out", "encoder.onnx", "file to write"),
                Flags.value("weights", "w.safetensors", "file to write parameters and buffers to, under timm's names"),
                Flags.value("size", "PX", "side of the images in pixels (default: the model's img_size)"),
                Flags.value("batch", "N|dynamic", "images of a run (default: dynamic)"),
                Flags.value(
                        "layers",
                        "L",
                        "a further output: class tokens, or means of patch tokens, of the last L blocks"),
                Flags.flag("attention", "a further output: the last block's attention"));
    }

    @Override
    public String example() {
        return "./lejepa export --run runs/demo --out encoder.onnx";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        requireSense(call);
        call.outputFile("out");
        call.outputFile("weights");
        try (var source = source(call)) {
            var inputs = source.inputs().toArray(Path[]::new);
            var out = call.outputFile("out", inputs);
            var weights = call.outputFile("weights", inputs);
            source.note().ifPresent(call.console()::say);
            var encoder = out.isPresent() ? Optional.of(encoder(call, source)) : Optional.<EncoderFile>empty();
            var result = JsonNodeFactory.instance.objectNode();
            if (weights.isPresent()) {
                writeWeights(call, source, weights.get(), result);
            }
            if (encoder.isPresent() && out.isPresent()) {
                tellEncoder(call, encoder.get().write(source::value, out.get()), out.get(), result);
            }
            call.console().result(result);
        }
        return ExitCode.DONE;
    }

    private static void requireSense(Call call) {
        if (Stream.of("run", "bundle", "model").filter(call::has).count() != 1) {
            throw new BadInputException("export needs one of --run RUN, --bundle BUNDLE and --model NAME");
        }
        if (!call.has("out") && !call.has("weights")) {
            throw new BadInputException("export needs --out encoder.onnx, --weights w.safetensors, or both");
        }
        for (var option : List.of("weights-from", "set")) {
            if (call.has(option) && !call.has("model")) {
                throw new BadInputException(Text.format(
                        "--%s is for --model NAME; a run or bundle has weights and arguments of its own", option));
            }
        }
        for (var option : List.of("size", "batch", "layers", "attention")) {
            if (call.has(option) && !call.has("out")) {
                throw new BadInputException(Text.format("--%s is for the encoder: it needs --out", option));
            }
        }
        if (call.has("out") && call.path("out").equals(call.path("weights"))) {
            throw new BadInputException("--out and --weights name the same file");
        }
    }

    private static ExportedEncoder source(Call call) throws IOException {
        if (call.has("run")) {
            return BundleEncoder.run(call.requiredPath("run"));
        }
        return call.has("bundle")
                ? BundleEncoder.bundle(call.requiredPath("bundle"))
                : NamedEncoder.open(
                        BackboneOption.read(call.required("model"), call.texts("set")), call.path("weights-from"));
    }

    private static void writeWeights(Call call, ExportedEncoder source, Path file, ObjectNode result)
            throws IOException {
        source.writeWeights(file);
        var tensors = source.tensors().size();
        var bytes = Files.size(file);
        call.console().say(Text.format("%s: %d tensors, %.1f MB", file, tensors, bytes / 1e6));
        result.put("tensors", tensors).put("bytes", bytes).put("weights", PathText.text(file));
    }

    /// Where both files are written, `bytes` are the encoder's.
    private static void tellEncoder(Call call, OnnxModel model, Path file, ObjectNode result) throws IOException {
        var summary = OnnxSummary.of(model.proto());
        var bytes = Files.size(file);
        call.console()
                .say(Text.format(
                        "%s: %s -> %s, %.1f MB", file, summary.inputText(), summary.outputText(), bytes / 1e6));
        result.set("inputs", summary.inputsJson());
        result.set("outputs", summary.outputsJson());
        result.put("bytes", bytes).put("encoder", PathText.text(file));
    }

    private static EncoderFile encoder(Call call, ExportedEncoder source) throws IOException {
        var request = new EncoderRequest(
                call.whole("size", 1), call.whole("layers", 1).orElse(0), call.has("attention"));
        var encoder = source.encoder(request);
        return call.text("batch").filter(b -> !b.equals("dynamic")).isPresent()
                ? encoder.withBatch(call.whole("batch", 1).orElseThrow())
                : encoder;
    }
}
