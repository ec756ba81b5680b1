package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.tools.export.EncoderSource;
import dev.lejepa.tools.inspect.OnnxSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `export`: the encoder for inference, from a run's newest checkpoint or a bundle's initial parameters.
final class ExportCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(
                Flags.value("run", "RUN", "a run; its newest checkpoint is exported"),
                Flags.value("bundle", "BUNDLE", "a bundle; its initial parameters are exported"),
                Flags.value("out", "encoder.onnx", "file to write"),
                Flags.value("size", "PX", "side of the images in pixels (default: the model's img_size)"),
                Flags.value("batch", "N|dynamic", "images of a run (default: dynamic)"));
    }

    @Override
    public String example() {
        return "./lejepa export --run runs/demo --out encoder.onnx";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        call.requiredOutputFile("out");
        var source = source(call);
        var out = call.requiredOutputFile("out", source.inputs().toArray(Path[]::new));
        var encoder = encoder(call, source);
        try (var parameters = SafetensorsFile.open(source.parameters())) {
            var model = encoder.write(parameters::bytes, out);
            var summary = OnnxSummary.of(model.proto());
            var bytes = Files.size(out);
            call.console()
                    .say(Text.format(
                            "%s: %s -> %s, %.1f MB", out, summary.inputText(), summary.outputText(), bytes / 1e6));
            var result = JsonNodeFactory.instance.objectNode();
            result.set("inputs", summary.inputsJson());
            result.set("outputs", summary.outputsJson());
            call.console().result(result.put("bytes", bytes).put("encoder", PathText.text(out)));
        }
        return ExitCode.DONE;
    }

    private static EncoderSource source(Call call) throws IOException {
        var run = call.path("run");
        var bundle = call.path("bundle");
        if (run.isPresent() == bundle.isPresent()) {
            throw new BadInputException("export needs either --run RUN or --bundle BUNDLE");
        }
        return run.isPresent() ? EncoderSource.run(run.get()) : EncoderSource.bundle(bundle.orElseThrow());
    }

    private static EncoderFile encoder(Call call, EncoderSource source) throws IOException {
        var size = call.whole("size", 1);
        var encoder = size.isPresent() ? source.encoder(size.getAsInt()) : source.encoder();
        return call.text("batch").filter(b -> !b.equals("dynamic")).isPresent()
                ? encoder.withBatch(call.whole("batch", 1).orElseThrow())
                : encoder;
    }
}
