package dev.lejepa.trainer.image;

/// The five ways in which a PNG row is told as differences to its neighbors.
final class PngFilter {
    private PngFilter() {}

    /// Turns differences back into samples, in place.
    ///
    /// @param rows the row at `at`, which begins with the filter's number, with the row above right in front of it
    /// @param stride bytes of a row with the filter's number
    /// @param pixel bytes from a sample to the same of the next pixel
    /// @return whether the filter is known
    static boolean undo(byte[] rows, int at, int stride, int pixel) {
        int from = at + 1;
        int end = at + stride;
        switch (rows[at]) {
            case 0 -> {
                return true;
            }
            case 1 -> left(rows, from, end, pixel);
            case 2 -> up(rows, from, end, stride);
            case 3 -> average(rows, from, end, stride, pixel);
            case 4 -> paeth(rows, from, end, stride, pixel);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void left(byte[] rows, int from, int end, int pixel) {
        for (int i = from + pixel; i < end; i++) {
            rows[i] += rows[i - pixel];
        }
    }

    private static void up(byte[] rows, int from, int end, int stride) {
        for (int i = from; i < end; i++) {
            rows[i] += rows[i - stride];
        }
    }

    private static void average(byte[] rows, int from, int end, int stride, int pixel) {
        int first = Math.min(from + pixel, end);
        for (int i = from; i < first; i++) {
            rows[i] += (byte) ((rows[i - stride] & 0xFF) >> 1);
        }
        for (int i = first; i < end; i++) {
            rows[i] += (byte) ((rows[i - pixel] & 0xFF) + (rows[i - stride] & 0xFF) >> 1);
        }
    }

    private static void paeth(byte[] rows, int from, int end, int stride, int pixel) {
        up(rows, from, Math.min(from + pixel, end), stride);
        for (int i = from + pixel; i < end; i++) {
            int left = rows[i - pixel] & 0xFF;
            int up = rows[i - stride] & 0xFF;
            int corner = rows[i - stride - pixel] & 0xFF;
            int toLeft = Math.abs(up - corner);
            int toUp = Math.abs(left - corner);
            int toCorner = Math.abs(left + up - 2 * corner);
            int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            rows[i] += (byte) nearest;
        }
    }
}
