package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;

/// A matrix of numbers in a mapped file, in C or Fortran order, read in pieces.
public final class NpyMatrix {
    private final String name;
    private final NpyArray array;
    private final boolean fortran;
    private final long rows;
    private final int columns;
    private final long step;

    NpyMatrix(String name, NpyArray array, boolean fortran) {
        array.requireMatrix();
        long width = array.shape().get(1);
        if (width > Integer.MAX_VALUE) {
            throw new BadInputException(
                    Text.format("%s: %d columns, expected at most %d", name, width, Integer.MAX_VALUE));
        }
        this.name = name;
        this.step = 1;
        this.array = array;
        this.fortran = fortran;
        this.rows = array.shape().get(0);
        this.columns = (int) width;
    }

    private NpyMatrix(NpyMatrix all, long rows) {
        this.name = all.name;
        this.array = all.array;
        this.fortran = all.fortran;
        this.rows = rows;
        this.columns = all.columns;
        this.step = all.rows / rows;
    }

    /// At most so many of its rows, evenly spaced.
    public NpyMatrix sample(long most) {
        return rows <= most || step > 1 ? this : new NpyMatrix(this, most);
    }

    /// The file, as messages call it.
    public String name() {
        return name;
    }

    public long rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// How the elements are stored.
    public NpyType type() {
        return array.type();
    }

    /// One element, rounded to a float.
    public float at(long row, int column) {
        var stored = array.shape().get(0);
        return array.getFloat(fortran ? column * stored + row * step : row * step * columns + column);
    }

    /// Copies a block into row-major memory.
    ///
    /// @param row first of `count` rows
    /// @param column first of `width` columns
    /// @param out where element `(i, j)` of the block goes to `out[i * stride + j]`
    public void read(long row, int count, int column, int width, float[] out, int stride) {
        if (fortran) {
            for (int j = 0; j < width; j++) {
                for (int i = 0; i < count; i++) {
                    out[i * stride + j] = at(row + i, column + j);
                }
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                out[i * stride + j] = at(row + i, column + j);
            }
        }
    }
}
