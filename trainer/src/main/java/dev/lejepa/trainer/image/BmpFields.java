package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The numbers in the header of a Windows or OS/2 bitmap.
///
/// @param topDown whether the first row is the uppermost
/// @param bits of a pixel
/// @param colors of the palette, at most as many as there are numbers where the header says none
/// @param colorBytes bytes of a color of the palette
/// @param masks of red, green and blue, where the compression is [#BITFIELDS]
/// @param end place behind the header and masks
/// @param pixels place of the first row, or 0 if it is where the palette ends
record BmpFields(
        int width,
        int height,
        boolean topDown,
        int bits,
        int compression,
        long colors,
        int colorBytes,
        Masks masks,
        int end,
        long pixels) {
    static final int UNCOMPRESSED = 0;
    static final int RUNS_OF_BYTES = 1;
    static final int RUNS_OF_HALF_BYTES = 2;
    static final int BITFIELDS = 3;

    private static final int FILE_HEADER = 14;
    private static final int OS2_HEADER = 12;
    private static final int WINDOWS_HEADER = 40;

    /// Which bits of a pixel are red, green and blue.
    record Masks(int red, int green, int blue) {
        static final Masks NONE = new Masks(0, 0, 0);

        private static Masks read(Bytes bytes, int at) throws TruncatedException {
            return new Masks(bytes.i32little(at), bytes.i32little(at + 4), bytes.i32little(at + 8));
        }
    }

    /// @param bytes begin with the file's header or, as in a `.dib` file, with the bitmap's
    static BmpFields read(String name, Bytes bytes) throws BrokenImageException, TruncatedException {
        int at = bytes.startsWith(0, 'B', 'M') ? FILE_HEADER : 0;
        int size = bytes.i32little(at);
        BmpFields fields = switch (size) {
            case OS2_HEADER -> os2(bytes, at);
            case WINDOWS_HEADER, 52, 56, 64, 108, 124 -> windows(bytes, at, size);
            default -> throw new BrokenImageException(name, "BMP with a header of " + size + " bytes");
        };
        if (fields.width < 1 || fields.height < 1) {
            throw new BrokenImageException(name, "BMP of " + fields.width + " x " + fields.height + " pixels");
        }
        return at == 0 ? fields : fields.withPixels(bytes.i32little(10) & 0xFFFFFFFFL, at + size);
    }

    /// Whether pixels are numbers of colors.
    boolean isIndexed() {
        return bits == 1 || bits == 4 || bits == 8;
    }

    private static BmpFields os2(Bytes bytes, int at) throws TruncatedException {
        int bits = bytes.u16little(at + 10);
        return new BmpFields(
                bytes.u16little(at + 4),
                bytes.u16little(at + 6),
                false,
                bits,
                UNCOMPRESSED,
                allColors(bits),
                3,
                Masks.NONE,
                at + OS2_HEADER,
                0);
    }

    private static BmpFields windows(Bytes bytes, int at, int size) throws TruncatedException {
        bytes.slice(at, size);
        boolean topDown = bytes.u8(at + 11) == 0xFF;
        int height = bytes.i32little(at + 8);
        int bits = bytes.u16little(at + 14);
        int compression = bytes.i32little(at + 16);
        long colors = bytes.i32little(at + 32) & 0xFFFFFFFFL;
        // the shortest header has no room for masks: they follow it
        int masksBehind = compression == BITFIELDS && size == WINDOWS_HEADER ? 12 : 0;
        return new BmpFields(
                bytes.i32little(at + 4),
                topDown ? -height : height,
                topDown,
                bits,
                compression,
                colors == 0 ? allColors(bits) : colors,
                4,
                compression == BITFIELDS ? Masks.read(bytes, at + WINDOWS_HEADER) : Masks.NONE,
                at + size + masksBehind,
                0);
    }

    private static long allColors(int bits) {
        return bits <= 8 ? 1L << bits : 0;
    }

    /// Some writers give the place of the palette for that of the pixels.
    private BmpFields withPixels(long place, int headerEnd) {
        boolean atPalette = place == headerEnd && bits <= 8;
        long first = atPalette ? place + colorBytes * colors : place;
        return new BmpFields(width, height, topDown, bits, compression, colors, colorBytes, masks, end, first);
    }
}
