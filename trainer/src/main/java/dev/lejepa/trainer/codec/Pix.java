package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/// A decoded picture in leptonica's memory: rows of 32-bit words, each either one pixel with red in its highest byte, or
/// four gray ones, the first in its highest byte. Used by one thread.
public final class Pix implements AutoCloseable {
    private static final int COLOR_BITS = 32;

    /// The functions that look into a picture.
    static final class Accessors {
        private final NativeFunctions.Function width;
        private final NativeFunctions.Function height;
        private final NativeFunctions.Function depth;
        private final NativeFunctions.Function words;
        private final NativeFunctions.Function data;
        private final NativeFunctions.Function destroy;

        Accessors(NativeFunctions functions) {
            FunctionDescriptor number = FunctionDescriptor.of(JAVA_INT, ADDRESS);
            width = functions.find("pixGetWidth", number);
            height = functions.find("pixGetHeight", number);
            depth = functions.find("pixGetDepth", number);
            words = functions.find("pixGetWpl", number);
            data = functions.find("pixGetData", FunctionDescriptor.of(ADDRESS, ADDRESS));
            destroy = functions.find("pixDestroy", FunctionDescriptor.ofVoid(ADDRESS));
        }
    }

    private final Accessors accessors;
    private final MemorySegment address;
    private final int width;
    private final int height;
    private final boolean color;
    private final int words;
    private final MemorySegment data;
    private int[] row = new int[0];

    @SuppressWarnings("restricted") // the picture's own size
    Pix(Accessors accessors, MemorySegment address) {
        this.accessors = accessors;
        this.address = address;
        width = accessors.width.<Integer>call(address);
        height = accessors.height.<Integer>call(address);
        color = accessors.depth.<Integer>call(address) == COLOR_BITS;
        words = accessors.words.<Integer>call(address);
        data = accessors.data.<MemorySegment>call(address).reinterpret(4L * words * height);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// Writes row `y` as red, green and blue to the start of `rgb`.
    public void row(int y, byte[] rgb) {
        if (row.length < words) {
            row = new int[words];
        }
        MemorySegment.copy(data, JAVA_INT, 4L * words * y, row, 0, words);
        if (color) {
            spreadColor(row, width, rgb);
        } else {
            spreadGray(row, width, rgb);
        }
    }

    private static void spreadColor(int[] row, int width, byte[] rgb) {
        for (int x = 0, o = 0; x < width; x++, o += 3) {
            int word = row[x];
            rgb[o] = (byte) (word >> 24);
            rgb[o + 1] = (byte) (word >> 16);
            rgb[o + 2] = (byte) (word >> 8);
        }
    }

    private static void spreadGray(int[] row, int width, byte[] rgb) {
        for (int x = 0, o = 0; x < width; x++, o += 3) {
            byte level = (byte) (row[x >> 2] >> 24 - 8 * (x & 3));
            rgb[o] = level;
            rgb[o + 1] = level;
            rgb[o + 2] = level;
        }
    }

    /// Gives its memory back.
    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            accessors.destroy.call(arena.allocateFrom(ADDRESS, address));
        }
    }
}
