package dev.lejepa.trainer.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Turns pixels into what a network reads: `(value / 255 - mean) / std` for each color, colors first, written straight
/// into the batch. The 256 results of each color are computed once. Keeps a scratch row: one per worker.
public final class Normalizer {
    private static final int LEVELS = 256;

    private final float[][] table;
    private float[] row = new float[0];

    /// @param mean of red, green and blue, in [0, 1]
    /// @param std of red, green and blue
    public Normalizer(List<Double> mean, List<Double> std) {
        table = new float[3][LEVELS];
        for (int c = 0; c < 3; c++) {
            float m = mean.get(c).floatValue();
            float s = std.get(c).floatValue();
            for (int v = 0; v < LEVELS; v++) {
                table[c][v] = (v / 255f - m) / s;
            }
        }
    }

    private Normalizer(float[][] table) {
        this.table = table;
    }

    /// The same after [ColorOps#solarize]: both at the price of one.
    Normalizer afterSolarize(int threshold) {
        float[][] solarized = new float[3][LEVELS];
        for (int c = 0; c < 3; c++) {
            for (int v = 0; v < LEVELS; v++) {
                solarized[c][v] = table[c][v >= threshold ? LEVELS - 1 - v : v];
            }
        }
        return new Normalizer(solarized);
    }

    /// Writes `[3, height, width]` floats.
    ///
    /// @param flip mirrors left and right on the way
    /// @param out native order; a `float[]` by `MemorySegment.ofArray`, a buffer by `MemorySegment.ofBuffer`
    /// @param offset of the first float, counted in floats
    public void write(PlanarImage image, boolean flip, MemorySegment out, long offset) {
        int width = image.width();
        if (row.length < width) {
            row = new float[width];
        }
        long at = offset;
        for (int c = 0; c < 3; c++) {
            int[] plane = image.plane(c);
            for (int y = 0; y < image.height(); y++, at += width) {
                look(table[c], plane, y * width, width, flip);
                MemorySegment.copy(row, 0, out, ValueLayout.JAVA_FLOAT_UNALIGNED, at * Float.BYTES, width);
            }
        }
    }

    private void look(float[] table, int[] plane, int from, int width, boolean flip) {
        float[] r = row;
        if (flip) {
            int last = from + width - 1;
            for (int x = 0; x < width; x++) {
                r[x] = table[plane[last - x]];
            }
        } else {
            for (int x = 0; x < width; x++) {
                r[x] = table[plane[from + x]];
            }
        }
    }
}
