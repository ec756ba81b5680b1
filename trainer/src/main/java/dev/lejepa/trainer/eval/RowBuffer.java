package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.engine.DeviceTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A matrix of features that is filled from the top.
public final class RowBuffer {
    private final float[] values;
    private final int columns;
    private int rows;

    /// @param most rows
    public RowBuffer(int most, int columns) {
        this.values = new float[Math.multiplyExact(most, columns)];
        this.columns = columns;
    }

    /// Adds the first `count` rows of float32 memory.
    public void add(MemorySegment source, int count) {
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, 0, values, rows * columns, count * columns);
        rows += count;
    }

    /// Adds the first `count` rows of a float32 tensor.
    public void add(DeviceTensor source, int count) {
        add(source.onHost() ? source.segment() : MemorySegment.ofArray(source.toFloats()), count);
    }

    /// Rows so far.
    public int rows() {
        return rows;
    }

    /// The rows so far.
    public Features features() {
        return new Features(
                rows * columns == values.length ? values : Arrays.copyOf(values, rows * columns), rows, columns);
    }
}
