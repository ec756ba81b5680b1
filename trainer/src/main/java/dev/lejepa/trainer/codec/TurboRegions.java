package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Optional;

/// What libturbojpeg has since 3.0: decoding a part of a picture. The rest of the file is still gone through, so damage
/// anywhere is found.
final class TurboRegions {
    /// `tjscalingfactor`: numerator, denominator.
    private static final StructLayout SCALE = MemoryLayout.structLayout(JAVA_INT, JAVA_INT);

    /// `tjregion`: column, row, columns, rows; all zero for the whole.
    private static final StructLayout REGION = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

    private final NativeFunctions.Function scale;
    private final NativeFunctions.Function crop;
    private final NativeFunctions.Function decompress;

    private TurboRegions(NativeFunctions functions) {
        scale = functions.find("tj3SetScalingFactor", FunctionDescriptor.of(JAVA_INT, ADDRESS, SCALE));
        crop = functions.find("tj3SetCroppingRegion", FunctionDescriptor.of(JAVA_INT, ADDRESS, REGION));
        decompress = functions.find(
                "tj3Decompress8",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT));
    }

    /// The functions, where a library has them.
    static Optional<TurboRegions> find(NativeFunctions functions) {
        return functions.library().find("tj3SetCroppingRegion").map(unused -> new TurboRegions(functions));
    }

    /// Decodes a part of the picture whose header a decompressor has read last.
    ///
    /// @param part of the reduced picture
    /// @return whether that went well
    boolean decode(MemorySegment handle, MemorySegment file, int reduction, Part part, int samples, MemorySegment out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment factor = arena.allocateFrom(JAVA_INT, 1, reduction);
            MemorySegment region = arena.allocateFrom(
                    JAVA_INT,
                    part.left(),
                    part.top(),
                    part.size().width(),
                    part.size().height());
            return scale.<Integer>call(handle, factor) == 0
                    && crop.<Integer>call(handle, region) == 0
                    && decompress.<Integer>call(handle, file, file.byteSize(), out, 0, samples) == 0;
        }
    }
}
