package dev.lejepa.trainer.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Small pictures by which a system's decoder is known to give the pixels that the one of this program gives. Decoders
/// differ in how they enlarge color that is stored coarsely, and that has changed with versions.
final class JpegProbes {
    private static final String[] PROBES = {"420", "422", "440", "gray", "progressive"};
    private static final PictureSize SIZE = new PictureSize(37, 29);
    private static final int REDUCTIONS = 8;

    private JpegProbes() {}

    /// Whether the decoder of this program runs and all probes get the same pixels from both, at full size and reduced.
    static boolean areExact(TurboJpeg turbo) {
        return NativeCodecs.find().stream().anyMatch(codecs -> areExact(turbo, codecs));
    }

    private static boolean areExact(TurboJpeg turbo, NativeCodecs codecs) {
        for (String probe : PROBES) {
            for (int reduction = 1; reduction <= REDUCTIONS; reduction *= 2) {
                if (!isExact(turbo, codecs, probe, reduction)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isExact(TurboJpeg turbo, NativeCodecs codecs, String probe, int reduction) {
        PictureSize size = SIZE.reduced(reduction);
        byte[] row = new byte[3 * size.width()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = read(arena, probe);
            MemorySegment pixels = arena.allocate(row.length * (long) size.height());
            if (!turbo.decode(file, SIZE, reduction, Part.of(size), TurboJpeg.Samples.RGB, pixels)
                    || !(codecs.jpeg(file, reduction) instanceof JpegResult.Picture(Pix pix))) {
                return false;
            }
            try (pix) {
                boolean same = pix.width() == size.width() && pix.height() == size.height();
                for (int y = 0; same && y < size.height(); y++) {
                    pix.row(y, row);
                    MemorySegment found = pixels.asSlice((long) row.length * y, row.length);
                    same = found.mismatch(MemorySegment.ofArray(row)) < 0;
                }
                return same;
            }
        }
    }

    private static MemorySegment read(Arena arena, String probe) {
        try (InputStream in = Objects.requireNonNull(
                JpegProbes.class.getResourceAsStream("probe_" + probe + ".jpg"), "a probe of this program")) {
            return arena.allocateFrom(ValueLayout.JAVA_BYTE, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
