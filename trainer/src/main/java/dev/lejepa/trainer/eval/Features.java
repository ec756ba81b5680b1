package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;

/// A row-major matrix of single-precision features `[rows, columns]`. It wraps the array it is given; nobody changes
/// it.
public final class Features {
    private final float[] values;
    private final int rows;
    private final int columns;

    /// @param values `rows * columns` numbers, row after row; not copied
    public Features(float[] values, int rows, int columns) {
        if (rows < 0 || columns < 1 || values.length != (long) rows * columns) {
            throw new IllegalArgumentException(Text.format(
                    "features [%d, %d] need %d numbers, got %d", rows, columns, (long) rows * columns, values.length));
        }
        this.values = values;
        this.rows = rows;
        this.columns = columns;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// One number.
    public float at(int row, int column) {
        return values[row * columns + column];
    }

    /// The array itself, row after row; not to be changed.
    public float[] values() {
        return values;
    }

    /// Whether all numbers are finite.
    public boolean finite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /// The chosen rows, copied, in the order given.
    public Features take(int[] chosen) {
        float[] taken = new float[Math.multiplyExact(chosen.length, columns)];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(values, chosen[i] * columns, taken, i * columns, columns);
        }
        return new Features(taken, chosen.length, columns);
    }

    /// Refuses labels that do not fit these rows.
    void requireLabels(int[] labels, int classes) {
        if (labels.length != rows) {
            throw new IllegalArgumentException(Text.format("%d rows but %d labels", rows, labels.length));
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException(Text.format("label %d outside 0 to %d", label, classes - 1));
            }
        }
    }
}
