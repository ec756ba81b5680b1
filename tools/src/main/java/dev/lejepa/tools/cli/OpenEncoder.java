package dev.lejepa.tools.cli;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.export.BundleEncoder;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Preparation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/// The encoder that `--encoder` or `--run` names, loaded: a file as it is, or a run's newest checkpoint, exported for
/// images of `--size` pixels with the outputs that the command needs.
record OpenEncoder(Engine engine, Encoder encoder) implements AutoCloseable {
    private static final String NAME = "encoder.onnx";

    /// `--encoder` and `--run`, how images are prepared, and `--device`.
    static List<Option> options() {
        var options = new ArrayList<>(List.of(
                Flags.value("encoder", "encoder.onnx", "an exported encoder"),
                Flags.value(
                        "run",
                        "RUN",
                        "in its place a run, whose newest checkpoint is exported for images of --size PX")));
        options.addAll(EncoderFlags.preparation());
        options.add(Flags.device());
        return List.copyOf(options);
    }

    /// @param outputs what the command needs of a run's encoder
    static OpenEncoder of(Call call, EncoderRequest outputs) throws IOException {
        if (call.has("encoder") == call.has("run")) {
            throw new BadInputException("one of --encoder encoder.onnx and --run RUN is needed");
        }
        if (call.has("encoder")) {
            return open(call, call.requiredPath("encoder"), EncoderFlags.given(call));
        }
        var given = EncoderFlags.given(call);
        // loaded, an encoder needs its file no more
        try (var folder = TemporaryFolder.create("lejepa-encoder");
                var run = BundleEncoder.run(call.requiredPath("run"))) {
            var file = folder.path().resolve(NAME);
            run.encoder(sized(outputs, given)).write(run::value, file);
            return open(call, file, given);
        }
    }

    /// The same for images of the size that a person asks for, where one does.
    static EncoderRequest sized(EncoderRequest outputs, Preparation.Given given) {
        return given.size().isPresent() ? outputs.withSize(given.size().getAsInt()) : outputs;
    }

    /// A file, loaded where `--device` says.
    ///
    /// @param given of [EncoderFlags#given]
    static OpenEncoder open(Call call, Path file, Preparation.Given given) {
        var engine = OrtEngine.open(call.toldDevice(), EngineOptions.of(call.threads()));
        try {
            return new OpenEncoder(engine, Encoder.open(engine, file, given));
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    @Override
    public void close() {
        encoder.close();
        engine.close();
    }
}
