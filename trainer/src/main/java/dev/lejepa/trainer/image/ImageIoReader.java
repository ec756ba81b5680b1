package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/// Decodes JPEG with the libjpeg of the Java runtime, slowly. It has the pixels of libjpeg-turbo wherever both read a
/// file; arithmetic coding, odd samplings and some kinds of damage are beyond it.
final class ImageIoReader implements JpegReader {
    private static final int[] RGB_OFFSETS = {0, 1, 2};
    private static final ColorModel RGB_MODEL = new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, ColorModel.OPAQUE, DataBuffer.TYPE_BYTE);

    private final ImageReader reader = ImageReaders.ofJdk("jpeg");

    @Override
    public void read(String name, JpegHeader header, Bytes bytes, int reduction, RgbImage out)
            throws BrokenImageException {
        ByteArrayImageInput input = essentials(name, header, bytes);
        out.reshape(header.width(), header.height());
        try {
            reader.setInput(input, true, true);
            switch (header.color()) {
                case GRAY -> readGray(out);
                case YCBCR, RGB -> readColor(header, out);
                case CMYK, YCCK -> readInks(header, out);
                case OTHER -> throw new IllegalArgumentException("components other than 1, 3 or 4");
            }
        } catch (IOException | RuntimeException e) {
            // the runtime reports damage by IOException, and by runtime exceptions of several kinds
            throw new BrokenImageException(name, ImageReaders.reason(e), e);
        } finally {
            reader.setInput(null);
        }
        if (input.exhausted()) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes");
        }
    }

    @Override
    public String library() {
        return "ImageIO of the Java runtime";
    }

    private static ByteArrayImageInput essentials(String name, JpegHeader header, Bytes bytes)
            throws BrokenImageException {
        try {
            byte[] essentials = header.essentials(bytes);
            return new ByteArrayImageInput(essentials, essentials.length);
        } catch (TruncatedException e) {
            throw new BrokenImageException(name, "cut off after " + bytes.length() + " bytes", e);
        }
    }

    private void readColor(JpegHeader header, RgbImage out) throws IOException {
        byte[] pixels = new byte[Math.multiplyExact(3, Math.multiplyExact(header.width(), header.height()))];
        var raster = Raster.createInterleavedRaster(
                new DataBufferByte(pixels, pixels.length),
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
            out.putRow(y, pixels, 3 * header.width() * y);
        }
    }

    /// The runtime's own conversion of gray would follow a color profile.
    private void readGray(RgbImage out) throws IOException {
        Raster raster = reader.readRaster(0, reader.getDefaultReadParam());
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

    private static byte[] samples(Raster raster) {
        return ((DataBufferByte) raster.getDataBuffer()).getData();
    }

    private void readInks(JpegHeader header, RgbImage out) throws IOException {
        byte[] samples = samples(reader.readRaster(0, reader.getDefaultReadParam()));
        byte[] row = new byte[3 * header.width()];
        for (int y = 0; y < header.height(); y++) {
            Cmyk.toRgb(header.color(), samples, 4 * header.width() * y, row);
            out.putRow(y, row, 0);
        }
    }
}
