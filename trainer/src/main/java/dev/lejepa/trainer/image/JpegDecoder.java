package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/// Decodes JPEG with the JDK's own libjpeg, whose integer transform and chroma interpolation give libjpeg-turbo's
/// pixels. It is handed a file without application segments, so neither color profiles nor its own guess of the color
/// space touch the samples, and it writes straight into the image's buffer.
final class JpegDecoder {
    private static final int[] RGB_OFFSETS = {0, 1, 2};
    private static final ColorModel RGB_MODEL = new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);

    private final ImageReader reader = ImageReaders.ofJdk("jpeg");
    private byte[] essentials = new byte[0];

    /// @param bytes the whole file
    void decode(String name, Bytes bytes, RgbImage out) throws BrokenImageException {
        JpegHeader header = header(name, bytes);
        header.requireDecodable(name);
        out.reshape(header.width(), header.height());
        ByteArrayImageInput input = essentials(name, bytes, header);
        try {
            reader.setInput(input, true, true);
            switch (header.color()) {
                case YCBCR, RGB -> readInto(header, out);
                case GRAY -> expandGray(reader.readRaster(0, reader.getDefaultReadParam()), out);
                case CMYK -> convertInks(header, out, Cmyk::fromCmyk);
                case YCCK -> convertInks(header, out, Cmyk::fromYcck);
            }
        } catch (IOException | RuntimeException e) {
            // the JDK reports damage by IOException, and by runtime exceptions of several kinds
            throw new BrokenImageException(name, ImageReaders.reason(e), e);
        } finally {
            reader.setInput(null);
        }
        if (input.exhausted()) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes");
        }
    }

    private static JpegHeader header(String name, Bytes bytes) throws BrokenImageException {
        try {
            return JpegHeader.parse(name, bytes);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off within its header (" + bytes.length() + " bytes)", e);
        }
    }

    private ByteArrayImageInput essentials(String name, Bytes bytes, JpegHeader header) throws BrokenImageException {
        if (essentials.length < bytes.length() + JpegColor.OVERHEAD) {
            essentials = new byte[bytes.length() + bytes.length() / 4 + JpegColor.OVERHEAD];
        }
        try {
            return new ByteArrayImageInput(essentials, header.copyEssentials(bytes, essentials));
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private void readInto(JpegHeader header, RgbImage out) throws IOException {
        byte[] data = new byte[3 * header.width() * header.height()];
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(data, data.length),
                header.width(),
                header.height(),
                3 * header.width(),
                3,
                RGB_OFFSETS,
                null);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestination(new BufferedImage(RGB_MODEL, raster, false, null));
        reader.read(0, param);
        for (int y = 0; y < header.height(); y++) {
            out.putRow(y, data, 3 * header.width() * y);
        }
    }

    private interface InkConversion {
        void apply(byte[] samples, int from, byte[] rgb);
    }

    private void convertInks(JpegHeader header, RgbImage out, InkConversion conversion) throws IOException {
        byte[] samples = samples(reader.readRaster(0, reader.getDefaultReadParam()));
        byte[] row = new byte[3 * header.width()];
        for (int y = 0; y < header.height(); y++) {
            conversion.apply(samples, 4 * header.width() * y, row);
            out.putRow(y, row, 0);
        }
    }

    private static byte[] samples(Raster raster) {
        return ((DataBufferByte) raster.getDataBuffer()).getData();
    }

    private static void expandGray(Raster raster, RgbImage out) {
        byte[] gray = samples(raster);
        byte[] row = new byte[3 * raster.getWidth()];
        for (int y = 0, i = 0; y < raster.getHeight(); y++) {
            for (int o = 0; o < row.length; i++, o += 3) {
                row[o] = gray[i];
                row[o + 1] = gray[i];
                row[o + 2] = gray[i];
            }
            out.putRow(y, row, 0);
        }
    }
}
