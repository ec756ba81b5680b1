package dev.lejepa.tools.export;

import dev.lejepa.graphs.pretrained.JoinedTensor;
import dev.lejepa.graphs.pretrained.PretrainedWeights;
import dev.lejepa.graphs.programs.BackboneTensors;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.programs.InitialValues;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.ModelSpec;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.safetensors.TensorInfo;
import dev.lejepa.tools.run.StartingPoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The encoder of a named model that nobody has trained here: with the weights of a file, or as it starts.
public final class NamedEncoder implements ExportedEncoder {
    private final BackboneSpec spec;
    private final BackboneTensors tensors;
    private final Optional<PretrainedWeights> weights;
    private final Arena arena = Arena.ofShared();

    private NamedEncoder(BackboneSpec spec, BackboneTensors tensors, Optional<PretrainedWeights> weights) {
        this.spec = spec;
        this.tensors = tensors;
        this.weights = weights;
    }

    /// @param weights a file that is fitted to the model
    /// @throws dev.lejepa.graphs.BadInputException if the file is no weights or does not fit
    public static NamedEncoder open(BackboneSpec spec, Optional<Path> weights) throws IOException {
        var tensors = BackboneTensors.of(spec);
        return new NamedEncoder(
                spec,
                tensors,
                weights.isEmpty()
                        ? Optional.empty()
                        : Optional.of(StartingPoint.open(spec, tensors, "--weights-from", weights.get())));
    }

    @Override
    public List<Path> inputs() {
        return weights.stream().map(PretrainedWeights::path).toList();
    }

    @Override
    public EncoderFile encoder(EncoderRequest request) {
        return EncoderFile.of(recipe(), request);
    }

    /// The one that would train it with everything else as it is by default.
    private Recipe recipe() {
        return Recipe.defaults().withModel(ModelSpec.defaults().withBackbone(spec));
    }

    @Override
    public List<TensorInfo> tensors() {
        return tensors.all().stream().map(BackboneTensors::info).toList();
    }

    /// A view of the file where it has the elements as they are wanted, else a copy.
    @Override
    public MemorySegment value(String name) {
        var loaded = weights.flatMap(w -> w.find(name));
        return loaded.flatMap(JoinedTensor::floatBytes).orElseGet(() -> made(name, loaded));
    }

    private MemorySegment made(String name, Optional<JoinedTensor> loaded) {
        var tensor = tensors.all().stream()
                .collect(Collectors.toMap(Bundle.Initial::name, Function.identity()))
                .get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the model has no tensor " + name);
        }
        var bytes = arena.allocate(BackboneTensors.info(tensor).bytes(), Long.BYTES);
        InitialValues.fill(recipe().seed(), tensor, loaded, 0, bytes);
        return bytes;
    }

    @Override
    public Optional<String> note() {
        return Optional.of(weights.map(w -> "weights: " + w.report().line())
                .orElse("weights: none given, so the model is as it starts (--weights-from FILE)"));
    }

    @Override
    public void close() {
        arena.close();
        weights.ifPresent(PretrainedWeights::close);
    }
}
