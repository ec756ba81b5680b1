package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.trainer.image.Normalizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The images of one run as an encoder reads them: float32 `[N, 3, size, size]`, normalized, in memory that every run
/// uses again.
public final class EncoderImages implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final int count;
    private final int size;
    private final MemorySegment floats;
    private final DeviceTensor tensor;
    private final Normalizer normalizer;
    private final float[] row;

    /// @param input name of the encoder's input
    /// @param batch `N`
    EncoderImages(Engine engine, String input, int batch, Preparation preparation) {
        this.count = batch;
        this.size = preparation.size();
        this.floats = arena.allocate(3L * batch * size * size * Float.BYTES, ALIGNMENT);
        this.tensor = engine.wrap(input, DType.FLOAT32, floats, batch, 3, size, size);
        this.normalizer = new Normalizer(preparation.mean(), preparation.std(), Math.multiplyExact(size, size));
        this.row = new float[size];
    }

    /// `N`.
    public int count() {
        return count;
    }

    /// Takes images.
    ///
    /// @param views bytes `[at most N, 3, size, size]`; rows that are not given stay as they are
    public DeviceTensor of(MemorySegment views) {
        normalizer.write(views, floats);
        return tensor;
    }

    /// The same images, left and right exchanged.
    public DeviceTensor mirrored() {
        var bytes = (long) size * Float.BYTES;
        for (long at = 0; at < floats.byteSize(); at += bytes) {
            MemorySegment.copy(floats, ValueLayout.JAVA_FLOAT, at, row, 0, size);
            for (int left = 0, right = size - 1; left < right; left++, right--) {
                var kept = row[left];
                row[left] = row[right];
                row[right] = kept;
            }
            MemorySegment.copy(row, 0, floats, ValueLayout.JAVA_FLOAT, at, size);
        }
        return tensor;
    }

    /// The images as they are now.
    public DeviceTensor tensor() {
        return tensor;
    }

    /// Their numbers.
    public MemorySegment floats() {
        return floats;
    }

    @Override
    public void close() {
        tensor.close();
        arena.close();
    }
}
