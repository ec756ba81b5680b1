package dev.lejepa.trainer.image;

/// The colors that the numbers 0 to 255 stand for: a palette, or levels of gray. Numbers beyond the last color are
/// black, as PIL has it.
final class ColorTable {
    private static final int COLORS = 256;

    private final byte[] rgb = new byte[3 * COLORS];

    private ColorTable() {}

    /// No color at all: everything is black.
    static ColorTable black() {
        return new ColorTable();
    }

    /// Gray from black to white.
    ///
    /// @param bits 1 to 8
    static ColorTable gray(int bits) {
        ColorTable table = new ColorTable();
        int white = (1 << bits) - 1;
        for (int level = 0; level <= white; level++) {
            table.set(level, level * 255 / white, level * 255 / white, level * 255 / white);
        }
        return table;
    }

    /// A palette of three bytes a color, red first; a last color that is not whole is left out.
    ///
    /// @param entries at most 256 colors
    static ColorTable rgb(byte[] entries) {
        ColorTable table = new ColorTable();
        for (int c = 0; c < entries.length / 3; c++) {
            table.set(c, entries[3 * c], entries[3 * c + 1], entries[3 * c + 2]);
        }
        return table;
    }

    /// A palette of three or four bytes a color, blue first; a last color that is not whole is left out.
    ///
    /// @param entries at most 256 colors
    /// @param size bytes of a color
    static ColorTable bgr(byte[] entries, int size) {
        ColorTable table = new ColorTable();
        for (int c = 0; c < entries.length / size; c++) {
            table.set(c, entries[size * c + 2], entries[size * c + 1], entries[size * c]);
        }
        return table;
    }

    /// The same with white for black.
    ColorTable inverted() {
        ColorTable table = new ColorTable();
        for (int i = 0; i < rgb.length; i++) {
            table.rgb[i] = (byte) ~rgb[i];
        }
        return table;
    }

    /// Writes the colors of numbers that are packed into bytes, the first into the highest bits.
    ///
    /// @param from place of the first number's byte
    /// @param bits of a number: 1, 2, 4 or 8
    void expand(byte[] numbers, int from, int bits, int count, byte[] out) {
        int mask = (1 << bits) - 1;
        int perByte = 8 / bits;
        for (int n = 0, o = 0; n < count; n++, o += 3) {
            int shift = 8 - bits - n % perByte * bits;
            int c = 3 * (numbers[from + n / perByte] >> shift & mask);
            out[o] = rgb[c];
            out[o + 1] = rgb[c + 1];
            out[o + 2] = rgb[c + 2];
        }
    }

    private void set(int number, int red, int green, int blue) {
        rgb[3 * number] = (byte) red;
        rgb[3 * number + 1] = (byte) green;
        rgb[3 * number + 2] = (byte) blue;
    }
}
