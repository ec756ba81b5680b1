package dev.lejepa.trainer.image;

import java.util.Arrays;

/// Weighted sums of lines of packed pixels, rounded to 8 bits: rows of an image, or columns. A loop compiles to vector
/// instructions where its arrays share one index and where it is not long, so one adds up a single color of four lines.
/// Keeps scratch lines.
final class LineSum {
    private static final int HALF = 1 << ResizeTaps.FRACTION_BITS - 1;
    private static final int FEW = 4;
    private static final int BITS = 8;

    /// What a sum begins with, all along the line.
    private int[] half = new int[0];

    /// What a single level is added to.
    private int[] zero = new int[0];

    private int[] sum = new int[0];
    private int[] result = new int[0];
    /// The lines of one output: fours of them, the last one again in what is left over, with weight 0.
    private int[][] lines = new int[0][];

    private int[] weights = new int[0];
    private int count;

    /// @param length of a line, at most
    void reserve(int length) {
        if (sum.length < length) {
            half = new int[length];
            Arrays.fill(half, HALF);
            zero = new int[length];
            sum = new int[length];
            result = new int[length];
        }
    }

    /// Chooses what is summed up.
    ///
    /// @param ring lines, the first of which follows the last
    /// @param first line of the output's first tap, counted through all rounds
    void choose(int[][] ring, int first, ResizeTaps taps, int output) {
        count = taps.count(output);
        int whole = (count + FEW - 1) / FEW * FEW;
        if (lines.length < whole) {
            lines = new int[whole][];
            weights = new int[whole];
        }
        for (int k = 0, at = first % ring.length; k < whole; k++) {
            lines[k] = ring[at];
            weights[k] = k < count ? taps.weight(output, k) : 0;
            if (k < count - 1) {
                at = at + 1 < ring.length ? at + 1 : 0;
            }
        }
    }

    /// The sum of a color's levels, until the next call.
    ///
    /// @param color 0 red, 1 green, 2 blue
    int[] levels(int color, int length) {
        add(BITS * color, zero, 0, length);
        return result;
    }

    /// The sums of all colors, packed, until the next call.
    int[] pixels(int length) {
        add(0, zero, 0, length);
        add(BITS, result, BITS, length);
        add(2 * BITS, result, 2 * BITS, length);
        return result;
    }

    /// @param shift of the color in a pixel
    /// @param before what the result is put beside
    /// @param place of the result's lowest bit
    private void add(int shift, int[] before, int place, int length) {
        int[] start = half;
        int k = 0;
        for (; k + FEW < count; k += FEW) {
            addFour(start, shift, k, length);
            start = sum;
        }
        if (count - k > 2) {
            addLastFour(start, before, shift, place, k, length);
        } else {
            addLastTwo(start, before, shift, place, k, length);
        }
    }

    private void addFour(int[] start, int shift, int k, int length) {
        int[] to = sum;
        int[] a = lines[k];
        int[] b = lines[k + 1];
        int[] c = lines[k + 2];
        int[] d = lines[k + 3];
        int wa = weights[k];
        int wb = weights[k + 1];
        int wc = weights[k + 2];
        int wd = weights[k + 3];
        for (int i = 0; i < length; i++) {
            int two = start[i] + (a[i] >> shift & 0xFF) * wa + (b[i] >> shift & 0xFF) * wb;
            to[i] = two + (c[i] >> shift & 0xFF) * wc + (d[i] >> shift & 0xFF) * wd;
        }
    }

    private void addLastFour(int[] start, int[] before, int shift, int place, int k, int length) {
        int[] to = result;
        int[] a = lines[k];
        int[] b = lines[k + 1];
        int[] c = lines[k + 2];
        int[] d = lines[k + 3];
        int wa = weights[k];
        int wb = weights[k + 1];
        int wc = weights[k + 2];
        int wd = weights[k + 3];
        for (int i = 0; i < length; i++) {
            int two = start[i] + (a[i] >> shift & 0xFF) * wa + (b[i] >> shift & 0xFF) * wb;
            int four = two + (c[i] >> shift & 0xFF) * wc + (d[i] >> shift & 0xFF) * wd;
            to[i] = before[i] | eightBits(four) << place;
        }
    }

    private void addLastTwo(int[] start, int[] before, int shift, int place, int k, int length) {
        int[] to = result;
        int[] a = lines[k];
        int[] b = lines[k + 1];
        int wa = weights[k];
        int wb = weights[k + 1];
        for (int i = 0; i < length; i++) {
            int two = start[i] + (a[i] >> shift & 0xFF) * wa + (b[i] >> shift & 0xFF) * wb;
            to[i] = before[i] | eightBits(two) << place;
        }
    }

    private static int eightBits(int fixed) {
        return Math.max(0, Math.min(255, fixed >> ResizeTaps.FRACTION_BITS));
    }
}
