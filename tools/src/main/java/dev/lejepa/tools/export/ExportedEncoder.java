package dev.lejepa.tools.export;

import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An encoder that can be written: its graph, and the values of its backbone's parameters and buffers.
public sealed interface ExportedEncoder extends AutoCloseable permits BundleEncoder, NamedEncoder {
    /// All files that this reads.
    List<Path> inputs();

    /// The graph.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the model has not what is asked for
    EncoderFile encoder(EncoderRequest request) throws IOException;

    /// Parameters and buffers by timm's names: what timm calls the state dict.
    List<TensorInfo> tensors();

    /// The elements of one of them, little-endian.
    MemorySegment value(String name);

    /// What a person should know of where the values come from.
    Optional<String> note();

    /// Writes the values alone, as a safetensors file that timm loads with `strict=True`.
    default void writeWeights(Path file) throws IOException {
        var writer = new SafetensorsWriter(Map.of("format", "pt"));
        for (var tensor : tensors()) {
            writer.add(tensor, value(tensor.name()));
        }
        writer.write(file);
    }

    @Override
    void close();
}
