package dev.lejepa.trainer.image;

import dev.lejepa.trainer.image.Bytes.TruncatedException;

/// The palette of a bitmap, which PIL sets aside where it is nothing but gray.
final class BmpPalette {
    private BmpPalette() {}

    static PixelLayout.Indexed layout(String name, Bytes bytes, BmpFields fields)
            throws BrokenImageException, TruncatedException {
        int size = fields.colorBytes();
        int wanted = (int) (size * fields.colors());
        int there = Math.max(0, Math.min(wanted, bytes.length() - fields.end()));
        byte[] entries =
                bytes.slice(Math.min(fields.end(), bytes.length()), there).toArray();
        if (isGray(entries, size, (int) fields.colors())) {
            // levels are then read by their number of colors, whatever the bits of a pixel
            int bits = fields.colors() <= 2 ? 1 : 8;
            return new PixelLayout.Indexed(bits, ColorTable.gray(bits));
        }
        if (entries.length / size > 256) {
            throw new BrokenImageException(name, "BMP with a palette of " + fields.colors() + " colors");
        }
        return new PixelLayout.Indexed(fields.bits(), ColorTable.bgr(entries, size));
    }

    private static boolean isGray(byte[] entries, int size, int colors) {
        for (int c = 0; c < colors; c++) {
            int at = c * size;
            byte level = (byte) (colors == 2 ? 255 * c : c);
            if (at + 3 > entries.length
                    || entries[at] != level
                    || entries[at + 1] != level
                    || entries[at + 2] != level) {
                return false;
            }
        }
        return true;
    }
}
