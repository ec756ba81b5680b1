package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.image.Normalizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The images of one batch as an exported encoder reads them: float32 `[N, 3, size, size]`, normalized, in memory that
/// every batch uses again.
public final class EncoderImages implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment floats;
    private final DeviceTensor tensor;
    private final Normalizer normalizer;

    /// @param input name of the encoder's input
    /// @param batch `N`
    /// @param size pixels per side
    /// @param mean of red, green and blue, in [0, 1]
    /// @param std of red, green and blue
    public EncoderImages(Engine engine, String input, int batch, int size, List<Double> mean, List<Double> std) {
        var pixels = Math.multiplyExact(size, size);
        this.floats = arena.allocate(3L * batch * pixels * Float.BYTES, ALIGNMENT);
        this.tensor = engine.wrap(input, DType.FLOAT32, floats, batch, 3, size, size);
        this.normalizer = new Normalizer(mean, std, pixels);
    }

    /// Takes the images of a batch, whose views are group 0.
    public DeviceTensor of(Batch batch) {
        normalizer.write(batch.views(0), floats);
        return tensor;
    }

    /// What [#of] made last.
    public MemorySegment floats() {
        return floats;
    }

    @Override
    public void close() {
        tensor.close();
        arena.close();
    }
}
