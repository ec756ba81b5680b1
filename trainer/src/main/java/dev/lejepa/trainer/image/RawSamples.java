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
        int[] row = new int[out.width()];
        byte[] data = out.data();
        int o = 0;
        for (int y = 0; y < out.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, out.width(), 1, row);
            for (int index : row) {
                int rgb = index < colors.length ? colors[index] : 0;
                data[o++] = (byte) (rgb >> 16);
                data[o++] = (byte) (rgb >> 8);
                data[o++] = (byte) rgb;
            }
        }
    }

    /// The common case, without a detour through integers.
    private static void copyBytes(Raster raster, DataBufferByte buffer, ComponentSampleModel layout, RgbImage out) {
        byte[] samples = buffer.getData();
        byte[] data = out.data();
        int[] bands = colorBands(raster.getNumBands());
        int step = layout.getPixelStride();
        int x = raster.getMinX() - raster.getSampleModelTranslateX();
        int y = raster.getMinY() - raster.getSampleModelTranslateY();
        for (int c = 0; c < 3; c++) {
            int first = buffer.getOffset() + layout.getOffset(x, y, bands[c]);
            int o = c;
            for (int row = 0; row < out.height(); row++) {
                int i = first + row * layout.getScanlineStride();
                for (int column = 0; column < out.width(); column++, i += step, o += 3) {
                    data[o] = samples[i];
                }
            }
        }
    }

    private static void copyAny(Raster raster, RgbImage out) {
        int bands = raster.getNumBands();
        int[] bits = raster.getSampleModel().getSampleSize();
        int[] source = colorBands(bands);
        int[] row = new int[out.width() * bands];
        for (int y = 0; y < out.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, out.width(), 1, row);
            for (int c = 0; c < 3; c++) {
                spread(row, source[c], bands, bits[source[c]], out.data(), 3 * out.width() * y + c);
            }
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
