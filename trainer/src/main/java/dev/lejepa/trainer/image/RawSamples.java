package dev.lejepa.trainer.image;

import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// The samples of a decoded raster as 8-bit RGB, without any color conversion: palettes expanded, gray repeated, alpha
/// dropped, 16 bits cut to the high byte, fewer than 8 stretched to the whole range.
final class RawSamples {
    private RawSamples() {}

    static void copy(Raster raster, ColorModel model, RgbImage out) {
        out.reshape(raster.getWidth(), raster.getHeight());
        if (model instanceof IndexColorModel palette) {
            expandPalette(raster, palette, out);
        } else if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && raster.getSampleModel() instanceof ComponentSampleModel layout
                && buffer.getNumBanks() == 1) {
            copyBytes(raster, buffer, layout, out);
        } else {
            copyAny(raster, out);
        }
    }

    /// Where gray or color stands among the samples of a pixel; what is left is alpha.
    private static int[] colorBands(int bands) {
        return bands >= 3 ? new int[] {0, 1, 2} : new int[] {0, 0, 0};
    }

    private static void expandPalette(Raster raster, IndexColorModel palette, RgbImage out) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        int[] row = new int[raster.getWidth()];
        byte[] data = new byte[3 * row.length];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, row.length, 1, row);
            int o = 0;
            for (int index : row) {
                int rgb = index < colors.length ? colors[index] : 0;
                data[o++] = (byte) (rgb >> 16);
                data[o++] = (byte) (rgb >> 8);
                data[o++] = (byte) rgb;
            }
            out.putRow(y, data, 0);
        }
    }

    /// The common case, without a detour through integers.
    private static void copyBytes(Raster raster, DataBufferByte buffer, ComponentSampleModel layout, RgbImage out) {
        byte[] samples = buffer.getData();
        byte[] data = new byte[3 * raster.getWidth()];
        int[] bands = colorBands(raster.getNumBands());
        int step = layout.getPixelStride();
        int x = raster.getMinX() - raster.getSampleModelTranslateX();
        int y = raster.getMinY() - raster.getSampleModelTranslateY();
        for (int row = 0; row < raster.getHeight(); row++) {
            for (int c = 0; c < 3; c++) {
                int i = buffer.getOffset() + layout.getOffset(x, y + row, bands[c]);
                for (int o = c; o < data.length; i += step, o += 3) {
                    data[o] = samples[i];
                }
            }
            out.putRow(row, data, 0);
        }
    }

    private static void copyAny(Raster raster, RgbImage out) {
        int bands = raster.getNumBands();
        int[] bits = raster.getSampleModel().getSampleSize();
        int[] source = colorBands(bands);
        int[] row = new int[raster.getWidth() * bands];
        byte[] data = new byte[3 * raster.getWidth()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int c = 0; c < 3; c++) {
                spread(row, source[c], bands, bits[source[c]], data, c);
            }
            out.putRow(y, data, 0);
        }
    }

    private static void spread(int[] row, int band, int bands, int bits, byte[] data, int from) {
        int o = from;
        int most = (1 << bits) - 1;
        for (int i = band; i < row.length; i += bands, o += 3) {
            data[o] = (byte) (bits >= 8 ? row[i] >> bits - 8 : row[i] * 255 / most);
        }
    }
}
