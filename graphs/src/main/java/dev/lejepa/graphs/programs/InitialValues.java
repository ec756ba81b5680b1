package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.pretrained.JoinedTensor;
import dev.lejepa.graphs.pretrained.PretrainedWeights;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.safetensors.ElementType;
import dev.lejepa.graphs.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values that parameters and buffers start with: functions of seed and name alone, or those of a file of weights.
public final class InitialValues {
    private InitialValues() {}

    /// Writes `init.safetensors`, tensor by tensor in little memory.
    public static void write(Bundle bundle, StartingValues start, Path file) throws IOException {
        switch (start) {
            case StartingValues.Drawn() -> write(bundle.initial(), bundle.seed(), Optional.empty(), file);
            case StartingValues.Loaded(var weights) ->
                write(bundle.initial(), bundle.seed(), Optional.of(weights), file);
            case StartingValues.Kept() -> InputFile.require(file);
            case StartingValues.Given() -> {}
        }
    }

    private static void write(List<Bundle.Initial> tensors, long seed, Optional<PretrainedWeights> weights, Path file)
            throws IOException {
        var writer = new SafetensorsWriter(Map.of());
        for (var t : tensors) {
            var loaded = weights.flatMap(w -> w.find(t.name()));
            writer.generate(BackboneTensors.info(t), (piece, first) -> fill(seed, t, loaded, first, piece));
        }
        writer.write(file);
    }

    /// Fills a part of a tensor as a file of weights has it, or as it starts without one.
    ///
    /// @param first index of the part's first element
    /// @param part memory of whole elements
    public static void fill(
            long seed, Bundle.Initial tensor, Optional<JoinedTensor> loaded, long first, MemorySegment part) {
        if (loaded.isEmpty()) {
            fill(seed, tensor, first, part);
        } else if (tensor.type().dtype() == DType.INT64) {
            loaded.get().readLongs(first, part);
        } else {
            loaded.get().read(first, part);
        }
    }

    /// Fills a part of a tensor.
    ///
    /// @param first index of the part's first element
    /// @param part memory of whole elements
    public static void fill(long seed, Bundle.Initial tensor, long first, MemorySegment part) {
        if (tensor.type().dtype() == DType.INT64) {
            part.fill((byte) 0); // the only integers are counters
            return;
        }
        var key = Key.of(seed, "init").fold(tensor.name());
        fill(tensor.init(), key, tensor.type().shape().size(), first, part);
    }

    private static void fill(Init init, Key key, long size, long first, MemorySegment part) {
        switch (init) {
            case Init.Constant(var value) -> constant(part, (float) value);
            case Init.Normal(var std) -> Fill.normal(key, first, part, 0, std);
            case Init.TruncatedNormal(var std) -> Fill.truncatedNormal(key, first, part, 0, std, -2 * std, 2 * std);
            case Init.Uniform(var bound) -> Fill.uniform(key, first, part, -bound, bound);
            case Init.Halves(var before, var after) -> {
                var count = part.byteSize() / Float.BYTES;
                var cut = Math.clamp(size / 2 - first, 0, count);
                fill(before, key, size, first, part.asSlice(0, cut * Float.BYTES));
                fill(after, key, size, first + cut, part.asSlice(cut * Float.BYTES));
            }
        }
    }

    private static void constant(MemorySegment part, float value) {
        for (var i = 0L; i < part.byteSize() / Float.BYTES; i++) {
            part.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, value);
        }
    }

    static ElementType elementType(Bundle.Initial t) {
        return switch (t.type().dtype()) {
            case FLOAT32 -> ElementType.F32;
            case INT64 -> ElementType.I64;
            case FLOAT16, BFLOAT16, INT32, UINT8, BOOL ->
                throw new IllegalStateException(
                        Text.format("'%s' starts as %s; states are float32 or int64", t.name(), t.type()));
        };
    }
}
