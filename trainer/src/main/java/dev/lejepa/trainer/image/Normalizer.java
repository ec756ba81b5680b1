package dev.lejepa.trainer.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Turns levels into what an encoder reads: `(level / 255 - mean) / std` for each color. Training graphs take levels and
/// do the same themselves. The 256 results of each color are computed once. Keeps a scratch plane: one per thread.
public final class Normalizer {
    private static final int COLORS = 3;
    private static final int LEVELS = 256;

    private final float[][] table;
    private final byte[] levels;
    private final float[] plane;

    /// @param mean of red, green and blue, in [0, 1]
    /// @param std of red, green and blue
    /// @param pixels of an image
    public Normalizer(List<Double> mean, List<Double> std, int pixels) {
        table = new float[COLORS][LEVELS];
        for (int c = 0; c < COLORS; c++) {
            float m = mean.get(c).floatValue();
            float s = std.get(c).floatValue();
            for (int v = 0; v < LEVELS; v++) {
                table[c][v] = (v / 255f - m) / s;
            }
        }
        levels = new byte[pixels];
        plane = new float[pixels];
    }

    /// Writes float32 `[rows, 3, pixels]` for as many rows of bytes `[rows, 3, pixels]` as `from` holds.
    public void write(MemorySegment from, MemorySegment to) {
        int pixels = levels.length;
        for (long p = 0; p < from.byteSize() / pixels; p++) {
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, p * pixels, levels, 0, pixels);
            float[] color = table[(int) (p % COLORS)];
            for (int i = 0; i < pixels; i++) {
                plane[i] = color[levels[i] & 0xFF];
            }
            MemorySegment.copy(plane, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, p * pixels * Float.BYTES, pixels);
        }
    }
}
