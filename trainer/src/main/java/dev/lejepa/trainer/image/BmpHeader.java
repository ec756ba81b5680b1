package dev.lejepa.trainer.image;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// How the pixels of a bitmap are stored.
///
/// @param topDown whether the first row is the uppermost; it is the lowest otherwise
/// @param layout of the pixels in a row; in runs, of a color's number
/// @param packing how rows follow each other
/// @param pixels place of the first row
record BmpHeader(int width, int height, boolean topDown, PixelLayout layout, Packing packing, long pixels) {
    private static final int MOST_COLORS = 65536;

    /// How rows follow each other.
    sealed interface Packing {
        /// Rows as they are.
        ///
        /// @param stride bytes from one row to the next
        record Rows(long stride) implements Packing {}

        /// Runs of equal numbers.
        ///
        /// @param halfBytes whether a number has four bits instead of eight
        record Runs(boolean halfBytes) implements Packing {}
    }

    /// @param bytes the file from its start
    static BmpHeader parse(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        BmpFields fields = BmpFields.read(name, bytes);
        boolean indexed = fields.isIndexed();
        if (indexed && (fields.colors() < 1 || fields.colors() > MOST_COLORS)) {
            throw new BrokenImageException(name, "BMP with a palette of " + fields.colors() + " colors");
        }
        Packing packing = packing(name, fields);
        long paletteEnd = indexed ? fields.end() + fields.colorBytes() * fields.colors() : fields.end();
        return new BmpHeader(
                fields.width(),
                fields.height(),
                fields.topDown(),
                layout(name, bytes, fields, packing),
                packing,
                fields.pixels() == 0 ? Math.min(paletteEnd, bytes.length()) : fields.pixels());
    }

    ImageHeader imageHeader() {
        return new ImageHeader(ImageFormat.BMP, width, height, Orientation.UPRIGHT);
    }

    private static PixelLayout layout(String name, Bytes bytes, BmpFields fields, Packing packing)
            throws BrokenImageException, TruncatedException {
        if (!fields.isIndexed()) {
            return colorLayout(name, fields);
        }
        PixelLayout.Indexed stored = BmpPalette.layout(name, bytes, fields);
        return switch (packing) {
            case Packing.Rows _ -> stored;
            case Packing.Runs _ -> new PixelLayout.Indexed(8, stored.colors());
        };
    }

    private static Packing packing(String name, BmpFields fields) throws BrokenImageException {
        int compression = fields.compression();
        boolean indexed = fields.isIndexed();
        boolean runs = compression == BmpFields.RUNS_OF_BYTES || compression == BmpFields.RUNS_OF_HALF_BYTES;
        boolean rows = compression == BmpFields.UNCOMPRESSED || compression == BmpFields.BITFIELDS && !indexed;
        if (indexed && runs) {
            return new Packing.Runs(compression == BmpFields.RUNS_OF_HALF_BYTES);
        }
        if (rows) {
            return new Packing.Rows(((long) fields.width() * fields.bits() + 31) / 32 * 4);
        }
        throw new BrokenImageException(name, "BMP of " + fields.bits() + " bits with compression " + compression);
    }

    private static PixelLayout colorLayout(String name, BmpFields fields) throws BrokenImageException {
        int bits = fields.bits();
        BmpFields.Masks masks = fields.masks();
        boolean masked = fields.compression() == BmpFields.BITFIELDS;
        if (bits == 16 && (!masked || masks.equals(new BmpFields.Masks(0x7C00, 0x3E0, 0x1F)))) {
            return new PixelLayout.Packed(5);
        }
        if (bits == 16 && masks.equals(new BmpFields.Masks(0xF800, 0x7E0, 0x1F))) {
            return new PixelLayout.Packed(6);
        }
        if (bits == 24 || bits == 32) {
            if (!masked || bits == 32 && masks.equals(BmpFields.Masks.NONE)) {
                return new PixelLayout.Direct(bits / 8, 2, 1, 0);
            }
            if (isByte(masks.red(), bits) && isByte(masks.green(), bits) && isByte(masks.blue(), bits)) {
                return new PixelLayout.Direct(bits / 8, place(masks.red()), place(masks.green()), place(masks.blue()));
            }
        }
        String how =
                masked ? Text.format(" and the masks %08x, %08x, %08x", masks.red(), masks.green(), masks.blue()) : "";
        throw new BrokenImageException(name, "BMP of " + bits + " bits a pixel" + how);
    }

    private static boolean isByte(int mask, int bits) {
        return mask != 0 && place(mask) < bits / 8 && mask == 0xFF << 8 * place(mask);
    }

    private static int place(int mask) {
        return Integer.numberOfTrailingZeros(mask) / 8;
    }
}
