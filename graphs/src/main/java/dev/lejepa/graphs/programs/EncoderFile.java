package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.OnnxFiles;
import dev.lejepa.graphs.onnx.OnnxModel;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.recipe.Recipe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// `encoder.onnx` before it is written: an encoder's graph, whose parameters and buffers are still to be put inside.
///
/// @param model with parameters and buffers as inputs
/// @param states parameters and buffers by the names of their inputs
public record EncoderFile(OnnxModel model, SequencedMap<String, String> states) {
    /// The one of a bundle.
    ///
    /// @param file that the bundle has it in
    /// @param stage that the manifest describes it by
    /// @throws BadInputException if the file has not the inputs that the manifest says
    public static EncoderFile read(Path file, Manifest.Stage stage) throws IOException {
        var model = new OnnxModel(OnnxFiles.read(file));
        var described = stage.inputs().stream().map(StageInput::name).toList();
        if (!Set.copyOf(described).equals(Set.copyOf(model.inputs()))) {
            throw new BadInputException(
                    Text.format("%s: has the inputs %s, but the manifest says %s", file, model.inputs(), described));
        }
        var states = new LinkedHashMap<String, String>();
        for (var input : stage.inputs()) {
            if (input instanceof StageInput.State state) {
                states.put(state.name(), state.state());
            }
        }
        return new EncoderFile(model, states);
    }

    /// The one that a recipe trains.
    ///
    /// @throws BadInputException if the backbone has not what is asked for, or takes no images of that size
    public static EncoderFile of(Recipe recipe, EncoderRequest request) {
        var backbone = ModelFactory.backbone(recipe.model().backbone());
        request.size()
                .ifPresent(size -> backbone.checkImage(size, size).ifPresent(rule -> {
                    throw new BadInputException(Text.format("size %d: %s", size, rule));
                }));
        return of(EncoderGraph.of(recipe, backbone, request));
    }

    private static EncoderFile of(EncoderGraph encoder) {
        var built = encoder.built();
        var states = new LinkedHashMap<String, String>();
        built.declarations().parameters().stream()
                .map(Declarations.Parameter::name)
                .forEach(name -> states.put(name, name));
        built.declarations().buffers().stream().map(Declarations.Buffer::name).forEach(name -> states.put(name, name));
        return new EncoderFile(Lowering.lower(built.graph(), Target.PORTABLE, encoder.metadata()), states);
    }

    /// The same for runs of a fixed number of images.
    public EncoderFile withBatch(int images) {
        return new EncoderFile(model.withBatch(images), states);
    }

    /// Writes the encoder with its parameters and buffers inside.
    ///
    /// @param values little-endian elements of a parameter or buffer by its name
    /// @return the model as written
    /// @throws BadInputException if one has not the size that the graph reads
    public OnnxModel write(Function<String, MemorySegment> values, Path file) throws IOException {
        var fixed = new HashMap<String, ByteBuffer>();
        for (Map.Entry<String, String> e : states.entrySet()) {
            var bytes = values.apply(e.getValue());
            var expected = model.inputBytes(e.getKey());
            if (bytes.byteSize() != expected) {
                throw new BadInputException(Text.format(
                        "tensor %s has %d bytes where the encoder's graph reads %d",
                        e.getValue(), bytes.byteSize(), expected));
            }
            fixed.put(e.getKey(), bytes.asByteBuffer());
        }
        var whole = model.withFixed(fixed);
        OnnxFiles.write(whole, file);
        return whole;
    }
}
