package dev.lejepa.graphs.programs;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// `encoder.onnx`: the backbone for inference, with its parameters inside and the preparation of images in its metadata.
public final class EncoderFile {
    private EncoderFile() {}

    /// @param recipe of the run or bundle that the parameters come from
    /// @param recipeSha256 of its canonical form
    /// @param size pixels per side of the images; 0 for the backbone's own
    /// @param batch images of a run; 0 leaves the batch free
    /// @param parameters little-endian float32 elements of a parameter by its name
    /// @return the model as written
    public static OnnxModel write(
            Recipe recipe,
            String recipeSha256,
            int size,
            int batch,
            Function<String, MemorySegment> parameters,
            Path file)
            throws IOException {
        var model = ModelFactory.model(recipe, 0);
        var height = size == 0 ? model.backbone().imageHeight() : size;
        var width = size == 0 ? model.backbone().imageWidth() : size;
        var built = EvaluateGraph.encoder(model, height, width, batch);
        var values = new HashMap<String, ByteBuffer>();
        for (var p : built.declarations().parameters()) {
            values.put(p.name(), parameters.apply(p.name()).asByteBuffer());
        }
        var metadata = metadata(recipe, recipeSha256, Math.min(height, width));
        var lowered = Lowering.lower(built.graph(), Target.PORTABLE, metadata).withFixed(values);
        OnnxFiles.write(lowered, file);
        return lowered;
    }

    /// How to prepare an image, for whoever holds the file alone.
    private static Map<String, String> metadata(Recipe recipe, String recipeSha256, int size) {
        var entries = new TreeMap<String, String>();
        entries.put("image_size", Integer.toString(size));
        entries.put("resize", Integer.toString(size));
        entries.put("interpolation", "bilinear");
        entries.put("mean", array(recipe.views().mean()));
        entries.put("std", array(recipe.views().std()));
        entries.put("model", recipe.model().backbone().name());
        entries.put("recipe_sha256", recipeSha256);
        return entries;
    }

    private static String array(List<Double> values) {
        return values.stream().map(v -> Double.toString(v)).collect(Collectors.joining(", ", "[", "]"));
    }
}
