package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;
import java.util.Arrays;

/// The first picture of a TIFF file, which lies in strips of rows.
///
/// @param width as stored
/// @param height as stored
/// @param layout of the pixels in a row
/// @param sampleStep bytes from a sample to that of the next pixel where samples are told as differences, else 0
/// @param sampleBytes bytes of a sample that is told as a difference
/// @param little whether samples of two bytes have their low byte first
record TiffHeader(
        int width,
        int height,
        PixelLayout layout,
        TiffCompression compression,
        int sampleStep,
        int sampleBytes,
        boolean little,
        int rowsPerStrip,
        int[] offsets,
        int[] lengths,
        Orientation orientation) {
    /// Of a long row of numbers messages show so many.
    private static final int SHOWN = 8;

    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int PREMULTIPLIED = 1;

    static TiffHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        TiffTags tags = TiffTags.read(bytes);
        refuseRareKinds(name, tags);
        int width = tags.number(TiffTags.WIDTH, 0);
        int height = tags.number(TiffTags.HEIGHT, 0);
        if (width < 1 || height < 1) {
            throw new BrokenImageException(name, "TIFF of " + width + " x " + height + " pixels");
        }
        int samples = tags.number(TiffTags.SAMPLES, 1);
        int bits = bits(name, tags, samples);
        boolean differences = tags.number(TiffTags.PREDICTOR, 1) == 2;
        if (differences && bits < 8 || tags.number(TiffTags.PREDICTOR, 1) > 2) {
            throw new BrokenImageException(name, "TIFF with predictor " + tags.number(TiffTags.PREDICTOR, 1));
        }
        int rows = tags.number(TiffTags.ROWS_PER_STRIP, height);
        return new TiffHeader(
                width,
                height,
                layout(name, tags, samples, bits),
                TiffCompression.of(name, tags.number(TiffTags.COMPRESSION, 1)),
                differences ? samples * bits / 8 : 0,
                bits / 8,
                tags.little(),
                rows < 1 ? height : Math.min(rows, height),
                tags.numbers(TiffTags.STRIP_OFFSETS),
                tags.numbers(TiffTags.STRIP_BYTES),
                orientation(bytes, tags));
    }

    ImageHeader imageHeader() {
        return ImageHeader.stored(ImageFormat.TIFF, width, height, orientation);
    }

    private static void refuseRareKinds(String name, TiffTags tags) throws BrokenImageException, TruncatedException {
        String kind = "";
        if (tags.numbers(TiffTags.TILE_WIDTH).length > 0) {
            kind = "in tiles";
        } else if (tags.number(TiffTags.PLANES, 1) != 1 && tags.number(TiffTags.SAMPLES, 1) > 1) {
            kind = "with a plane for each color";
        } else if (tags.number(TiffTags.FILL_ORDER, 1) != 1) {
            kind = "with bits in reverse order";
        } else if (tags.number(TiffTags.SAMPLE_FORMAT, 1) != 1) {
            kind = "of samples that are no unsigned numbers";
        } else if (tags.number(TiffTags.EXTRA_SAMPLES, 0) == PREMULTIPLIED) {
            kind = "of colors that are multiplied with alpha";
        }
        if (!kind.isEmpty()) {
            throw new BrokenImageException(name, "is a TIFF image " + kind + ", which is not read here");
        }
    }

    private static int bits(String name, TiffTags tags, int samples) throws BrokenImageException, TruncatedException {
        int[] bits = tags.numbers(TiffTags.BITS);
        int first = bits.length == 0 ? 1 : bits[0];
        int all = first;
        if (samples < 1 || samples > 8 || Arrays.stream(bits).anyMatch(b -> b != all)) {
            throw new BrokenImageException(
                    name,
                    "TIFF with " + samples + " samples of "
                            + Arrays.toString(Arrays.copyOf(bits, Math.min(bits.length, SHOWN))) + " bits");
        }
        return first;
    }

    private static PixelLayout layout(String name, TiffTags tags, int samples, int bits)
            throws BrokenImageException, TruncatedException {
        int kind = tags.number(TiffTags.PHOTOMETRIC, WHITE_IS_ZERO);
        boolean packed = samples == 1 && (bits == 1 || bits == 2 || bits == 4 || bits == 8);
        if (packed && (kind == BLACK_IS_ZERO || kind == WHITE_IS_ZERO)) {
            ColorTable gray = ColorTable.gray(bits);
            return new PixelLayout.Indexed(bits, kind == BLACK_IS_ZERO ? gray : gray.inverted());
        }
        if (packed && kind == PALETTE) {
            return new PixelLayout.Indexed(bits, colors(tags.numbers(TiffTags.COLORS)));
        }
        int sample = bits / 8;
        int high = bits == 16 && tags.little() ? 1 : 0;
        if ((bits == 8 || bits == 16) && kind == BLACK_IS_ZERO && samples <= 2) {
            return new PixelLayout.Direct(samples * sample, high, high, high);
        }
        if ((bits == 8 || bits == 16) && kind == RGB && (samples == 3 || samples == 4)) {
            return new PixelLayout.Direct(samples * sample, high, sample + high, 2 * sample + high);
        }
        throw new BrokenImageException(
                name,
                "is a TIFF image of photometric kind " + kind + " with " + samples + " samples of " + bits
                        + " bits, which is not read here");
    }

    /// The table has all reds first, then greens, then blues, in 16 bits.
    private static ColorTable colors(int[] table) {
        int count = Math.min(256, table.length / 3);
        byte[] rgb = new byte[3 * count];
        for (int c = 0; c < count; c++) {
            for (int part = 0; part < 3; part++) {
                rgb[3 * c + part] = (byte) (table[part * (table.length / 3) + c] >> 8);
            }
        }
        return ColorTable.rgb(rgb);
    }

    private static Orientation orientation(Bytes bytes, TiffTags tags) throws TruncatedException {
        OrientationTags orientation = new OrientationTags();
        orientation.exif(bytes);
        int[] packet = tags.numbers(TiffTags.XMP);
        if (packet.length > 0) {
            byte[] xmp = new byte[packet.length];
            for (int i = 0; i < xmp.length; i++) {
                xmp[i] = (byte) packet[i];
            }
            orientation.xmp(Bytes.of(xmp, xmp.length));
        }
        return orientation.orientation();
    }
}
