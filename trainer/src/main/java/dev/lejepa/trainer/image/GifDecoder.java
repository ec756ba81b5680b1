package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Arrays;

/// Decodes the first frame of a GIF, with PIL's pixels: transparent ones have the color of their number.
final class GifDecoder {
    private static final int[] FIRST_ROWS = {0, 4, 2, 1};
    private static final int[] ROW_STEPS = {8, 8, 4, 2};

    private byte[] row = new byte[0];
    private byte[] rgb = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        try {
            GifHeader header = GifHeader.parse(name, bytes);
            out.reshape(header.width(), header.height());
            if (row.length < header.width()) {
                row = new byte[header.width()];
            }
            if (rgb.length < 3 * header.width()) {
                rgb = new byte[3 * header.width()];
            }
            Box frame = header.frame();
            if (frame.width() < header.width() || frame.height() < header.height()) {
                fill(header, out);
            }
            GifNumbers numbers = new GifNumbers(name, bytes, header.pixels());
            int passes = header.interlaced() ? FIRST_ROWS.length : 1;
            for (int pass = 0; pass < passes; pass++) {
                int step = header.interlaced() ? ROW_STEPS[pass] : 1;
                for (int y = FIRST_ROWS[pass]; y < frame.height(); y += step) {
                    numbers.read(row, frame.width());
                    header.colors().expand(row, 0, 8, frame.width(), rgb);
                    out.putPixels(frame.top() + y, frame.left(), 1, rgb, 0, frame.width());
                }
            }
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private void fill(GifHeader header, RgbImage out) {
        Arrays.fill(row, (byte) header.background());
        header.colors().expand(row, 0, 8, header.width(), rgb);
        for (int y = 0; y < header.height(); y++) {
            out.putRow(y, rgb, 0);
        }
    }
}
