package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Optional;

/// Writes JPEG files with libjpeg-turbo: baseline, colors at half the resolution both ways (4:2:0), as most cameras and
/// PIL do. For use from many threads.
public final class JpegWriter {
    private static final int BITS = 32;
    private static final int BASELINE = 0;

    private final NativeFunctions.Function create;
    private final NativeFunctions.Function data;
    private final NativeFunctions.Function write;
    private final NativeFunctions.Function destroy;
    private final NativeFunctions.Function free;

    JpegWriter(NativeFunctions functions) {
        create = functions.find("pixCreateNoInit", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
        data = functions.find("pixGetData", FunctionDescriptor.of(ADDRESS, ADDRESS));
        write = functions.find(
                "pixWriteMemJpeg", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        destroy = functions.find("pixDestroy", FunctionDescriptor.ofVoid(ADDRESS));
        free = functions.find("lept_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    /// Encodes a picture.
    ///
    /// @param rgb its pixels `[height, width, 3]`
    /// @param quality 1 to 100 as libjpeg counts it
    /// @param room has the file's memory
    /// @return the file; nothing where it cannot be encoded: its sides are too long, or memory does not suffice
    public Optional<MemorySegment> encode(
            MemorySegment rgb, int width, int height, int quality, SegmentAllocator room) {
        MemorySegment pix = create.call(width, height, BITS);
        if (pix.equals(MemorySegment.NULL)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            try {
                fill(pix, rgb, width, height);
                return encode(pix, quality, arena, room);
            } finally {
                destroy.call(arena.allocateFrom(ADDRESS, pix));
            }
        }
    }

    /// A word has red in its highest byte.
    @SuppressWarnings("restricted") // the picture's own size
    private void fill(MemorySegment pix, MemorySegment rgb, int width, int height) {
        MemorySegment words = data.<MemorySegment>call(pix).reinterpret(4L * width * height);
        for (long i = 0, pixels = (long) width * height; i < pixels; i++) {
            int red = rgb.get(JAVA_BYTE, 3 * i) & 0xFF;
            int green = rgb.get(JAVA_BYTE, 3 * i + 1) & 0xFF;
            int blue = rgb.get(JAVA_BYTE, 3 * i + 2) & 0xFF;
            words.set(JAVA_INT, 4 * i, red << 24 | green << 16 | blue << 8);
        }
    }

    @SuppressWarnings("restricted") // as many bytes as were written
    private Optional<MemorySegment> encode(MemorySegment pix, int quality, Arena arena, SegmentAllocator room) {
        MemorySegment place = arena.allocate(ADDRESS);
        MemorySegment size = arena.allocate(JAVA_LONG);
        int fault = write.<Integer>call(place, size, pix, quality, BASELINE);
        MemorySegment file = place.get(ADDRESS, 0);
        try {
            long bytes = size.get(JAVA_LONG, 0);
            return fault == 0 && bytes > 0
                    ? Optional.of(room.allocate(bytes).copyFrom(file.reinterpret(bytes)))
                    : Optional.empty();
        } finally {
            if (!file.equals(MemorySegment.NULL)) {
                free.call(file);
            }
        }
    }
}
