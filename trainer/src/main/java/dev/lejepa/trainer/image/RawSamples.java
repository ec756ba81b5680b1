package dev.lejepa.trainer.image;

import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// The samples of a decoded raster as 8-bit RGB, without any color conversion: palettes expanded, gray repeated, alpha
/// dropped, 16 bits cut to the high byte, fewer than 8 stretched to the whole range.
final class RawSamples {
    private RawSamples() {}

    static void copy(Raster raster, ColorModel model, RgbImage out) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        out.reshape(width, height);
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        if (model instanceof IndexColorModel palette) {
            int[] colors = new int[palette.getMapSize()];
            palette.getRGBs(colors);
            for (int y = 0; y < height; y++) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
                expandPalette(row, colors, out.data(), 3 * width * y);
            }
            return;
        }
        int[] bits = raster.getSampleModel().getSampleSize();
        int[] source = bands >= 3 ? new int[] {0, 1, 2} : new int[] {0, 0, 0};
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int c = 0; c < 3; c++) {
                spread(row, source[c], bands, bits[source[c]], out.data(), 3 * width * y + c);
            }
        }
    }

    private static void expandPalette(int[] indices, int[] colors, byte[] data, int from) {
        int o = from;
        for (int index : indices) {
            int rgb = index < colors.length ? colors[index] : 0;
            data[o++] = (byte) (rgb >> 16);
            data[o++] = (byte) (rgb >> 8);
            data[o++] = (byte) rgb;
        }
    }

    private static void spread(int[] row, int band, int bands, int bits, byte[] data, int from) {
        int o = from;
        if (bits == 8) {
            for (int i = band; i < row.length; i += bands, o += 3) {
                data[o] = (byte) row[i];
            }
        } else if (bits > 8) {
            for (int i = band; i < row.length; i += bands, o += 3) {
                data[o] = (byte) (row[i] >> bits - 8);
            }
        } else {
            int most = (1 << bits) - 1;
            for (int i = band; i < row.length; i += bands, o += 3) {
                data[o] = (byte) (row[i] * 255 / most);
            }
        }
    }
}
