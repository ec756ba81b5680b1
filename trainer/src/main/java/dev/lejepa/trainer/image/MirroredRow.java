package dev.lejepa.trainer.image;

/// A row of an image with as much of it mirrored at both ends, without repeating the edge pixel, as a kernel reaches.
///
/// A loop over it compiles to vector instructions where each array is read once and none has the type that is written.
/// So the row is there as integers, and four times: as it is, for what lies left and what lies right of a pixel, and
/// moved by one, for what is a pixel farther away.
final class MirroredRow {
    private int[] left = new int[0];
    private int[] nextLeft = new int[0];
    private int[] right = new int[0];
    private int[] nextRight = new int[0];
    /// Place of the row's first pixel.
    private int first;

    private int width;

    /// Takes a row over.
    ///
    /// @param from place of the row's first pixel
    /// @param reach pixels to mirror, fewer than `width`
    void load(int[] plane, int from, int width, int reach) {
        this.width = width;
        first = reach + 1;
        int last = reach + width;
        int end = last + reach + 1;
        reserve(end + 1);
        int[] p = left;
        System.arraycopy(plane, from, p, first, width);
        for (int x = 1; x <= reach; x++) {
            p[first - x] = p[first + x];
            p[last + x] = p[last - x];
        }
        System.arraycopy(p, 0, nextLeft, 1, end);
        System.arraycopy(p, 0, right, 0, end);
        System.arraycopy(p, 1, nextRight, 0, end - 1);
    }

    private void reserve(int length) {
        if (left.length < length) {
            left = new int[length];
            nextLeft = new int[length];
            right = new int[length];
            nextRight = new int[length];
        }
    }

    /// The row times a weight, and its neighbors on both sides times another.
    void begin(float weight, float pairWeight, float[] out) {
        int[] a = left;
        int[] b = nextLeft;
        int[] c = nextRight;
        int from = first;
        for (int x = 0; x < width; x++) {
            out[x] = weight * a[from + x] + pairWeight * (b[from + x] + c[from + x]);
        }
    }

    /// Adds both pixels at a distance and both at the next one. These may lie a pixel beyond the reach, with weight 0.
    void addPairs(int distance, float weight, float nextWeight, float[] out) {
        int[] a = left;
        int[] b = right;
        int[] c = nextLeft;
        int[] d = nextRight;
        int before = first - distance;
        int after = first + distance;
        for (int x = 0; x < width; x++) {
            out[x] += weight * (a[before + x] + b[after + x]) + nextWeight * (c[before + x] + d[after + x]);
        }
    }
}
