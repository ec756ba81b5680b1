package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.runtime.engine.Port;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// An encoder's file, loaded: ours, or any ONNX graph from images to features.
public final class Encoder implements AutoCloseable {
    /// The output of every encoder of ours that has the pooled features.
    public static final String FEATURES = "features";

    /// The output that has the class tokens (or means of the patches) of the last blocks, joined, where there is one.
    public static final String LAYERS = "layers";

    private static final int BATCH = 64;
    private static final int RANK = 4;
    private static final int COLORS = 3;

    private final Engine engine;
    private final Path file;
    private final Model model;
    private final Port input;
    private final Preparation preparation;

    private Encoder(Engine engine, Path file, Model model, Port input, Preparation preparation) {
        this.engine = engine;
        this.file = file;
        this.model = model;
        this.input = input;
        this.preparation = preparation;
    }

    /// Loads a file.
    ///
    /// @param given what a person says of how images are prepared
    /// @throws BadInputException if it is no graph of one input of images, or nobody says how to prepare them
    public static Encoder open(Engine engine, Path file, Preparation.Given given) {
        var model = engine.load(file);
        try {
            var input = input(file, model);
            return new Encoder(engine, file, model, input, new PreparationReader(file, model, input, given).read());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Port input(Path file, Model model) {
        if (model.inputs().size() != 1) {
            throw new BadInputException(Text.format(
                    "%s: an encoder has one input, this has %d (%s)",
                    file,
                    model.inputs().size(),
                    model.inputs().stream().map(Port::name).toList()));
        }
        var input = model.inputs().getFirst();
        var colors = input.shape().size() == RANK ? input.shape().get(1) : 0;
        if (input.dtype() != DType.FLOAT32
                || colors != COLORS && colors >= 0
                || input.shape().size() != RANK) {
            throw new BadInputException(Text.format(
                    "%s: its input '%s' is %s, expected images as float32 [N, 3, size, size]",
                    file, input.name(), input.describe()));
        }
        return input;
    }

    public Engine engine() {
        return engine;
    }

    public Path file() {
        return file;
    }

    public Preparation preparation() {
        return preparation;
    }

    /// The value of an entry of the file's metadata, if there is such an entry.
    public Optional<String> metadata(String key) {
        return model.metadata(key);
    }

    /// Images of one run: as many as the graph is made for, else as many as are handy.
    public int batch() {
        var fixed = input.shape().getFirst();
        return fixed > 0 ? Math.toIntExact(fixed) : BATCH;
    }

    public List<Port> outputs() {
        return model.outputs();
    }

    /// True where there is an output of this name.
    public boolean has(String output) {
        return outputs().stream().anyMatch(o -> o.name().equals(output));
    }

    /// The output of a name.
    ///
    /// @throws BadInputException if there is none
    public Port output(String name) {
        return outputs().stream()
                .filter(o -> o.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: has no output '%s'; it has %s",
                        file, name, outputs().stream().map(Port::name).collect(Collectors.joining(", ")))));
    }

    /// The width of an output that is one row for each image.
    ///
    /// @throws BadInputException if it is not
    public int width(String name) {
        var output = output(name);
        var shape = output.shape();
        if (output.dtype() != DType.FLOAT32 || shape.size() != 2 || shape.getLast() < 1) {
            throw new BadInputException(Text.format(
                    "%s: output '%s' is %s, expected features as float32 [N, width]", file, name, output.describe()));
        }
        return Math.toIntExact(shape.getLast());
    }

    /// Memory for the images of one run.
    public EncoderImages newImages() {
        return newImages(BATCH);
    }

    /// Memory for the images of one run.
    ///
    /// @param wanted images; where the graph is made for another number it is that
    public EncoderImages newImages(int wanted) {
        var fixed = input.shape().getFirst();
        return new EncoderImages(engine, input.name(), fixed > 0 ? Math.toIntExact(fixed) : wanted, preparation);
    }

    /// Runs once.
    ///
    /// @param images those of [#newImages]
    public Outputs run(DeviceTensor images) {
        return model.run(Map.of(input.name(), images));
    }

    @Override
    public void close() {
        model.close();
    }
}
