package dev.lejepa.trainer.image;

/// How the pixels of a row lie in a file, and what colors they are.
sealed interface PixelLayout {
    /// Bits of a pixel.
    int bits();

    /// Turns pixels into red, green, blue, a byte each.
    ///
    /// @param from place of the first pixel's byte
    void toRgb(byte[] row, int from, int count, byte[] rgb);

    /// Bytes of so many pixels; the last one may be used in part.
    default long bytes(int count) {
        return ((long) count * bits() + 7) / 8;
    }

    /// Numbers of colors.
    ///
    /// @param bits 1, 2, 4 or 8
    record Indexed(int bits, ColorTable colors) implements PixelLayout {
        @Override
        public void toRgb(byte[] row, int from, int count, byte[] rgb) {
            colors.expand(row, from, bits, count, rgb);
        }
    }

    /// Samples of whole bytes, of which the high byte counts; other samples (alpha) are passed over.
    ///
    /// @param size bytes of a pixel
    /// @param red place of red in a pixel; the same for the two others, where gray has one place for all three
    record Direct(int size, int red, int green, int blue) implements PixelLayout {
        @Override
        public int bits() {
            return 8 * size;
        }

        /// Whether the row is red, green, blue already.
        boolean isRgb() {
            return size == 3 && red == 0 && green == 1 && blue == 2;
        }

        @Override
        public void toRgb(byte[] row, int from, int count, byte[] rgb) {
            for (int n = 0, i = from, o = 0; n < count; n++, i += size, o += 3) {
                rgb[o] = row[i + red];
                rgb[o + 1] = row[i + green];
                rgb[o + 2] = row[i + blue];
            }
        }
    }

    /// Two bytes, low byte first: blue in the lowest 5 bits, then green, then red in 5 bits.
    ///
    /// @param greenBits 5 or 6
    record Packed(int greenBits) implements PixelLayout {
        @Override
        public int bits() {
            return 16;
        }

        @Override
        public void toRgb(byte[] row, int from, int count, byte[] rgb) {
            int greens = (1 << greenBits) - 1;
            for (int n = 0, i = from, o = 0; n < count; n++, i += 2, o += 3) {
                int pixel = row[i] & 0xFF | (row[i + 1] & 0xFF) << 8;
                rgb[o] = (byte) ((pixel >> 5 + greenBits & 31) * 255 / 31);
                rgb[o + 1] = (byte) ((pixel >> 5 & greens) * 255 / greens);
                rgb[o + 2] = (byte) ((pixel & 31) * 255 / 31);
            }
        }
    }
}
