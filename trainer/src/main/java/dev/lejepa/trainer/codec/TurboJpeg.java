package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// A decompressor of the system's libturbojpeg, which writes pixels where they are wanted. Used by one thread.
///
/// It decodes files that are whole and well; what becomes of others is for [NativeCodecs#jpeg] to say.
public final class TurboJpeg {
    /// Of libjpeg-turbo 1.4 to 3.x; those of 3.x have these functions beside newer ones.
    private static final String[] FILES = {
        "libturbojpeg.so.0",
        "libturbojpeg.dylib",
        "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
        "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib",
        "turbojpeg.dll",
        "libturbojpeg.dll",
        "C:\\libjpeg-turbo64\\bin\\turbojpeg.dll"
    };

    /// The discrete cosine transform that PIL uses, for all bits of it.
    private static final int ACCURATE_DCT = 4096;

    /// What a pixel's bytes are.
    public enum Samples {
        RGB(0, 3),
        /// Inks, as libjpeg has them: YCCK is converted.
        CMYK(11, 4);

        private final int number;
        private final int bytes;

        Samples(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        /// Bytes of a pixel.
        public int bytes() {
            return bytes;
        }
    }

    /// The library's functions.
    private static final class Functions {
        private final String library;
        private final NativeFunctions.Function create;
        private final NativeFunctions.Function destroy;
        private final NativeFunctions.Function header;
        private final NativeFunctions.Function decompress;
        private final Optional<TurboRegions> regions;

        Functions(NativeFunctions functions) {
            library = functions.name();
            create = functions.find("tjInitDecompress", FunctionDescriptor.of(ADDRESS));
            destroy = functions.find("tjDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
            // a length is an unsigned long: where that has 32 bits, the lower half of a register is read
            header = functions.find(
                    "tjDecompressHeader3",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
            decompress = functions.find(
                    "tjDecompress2",
                    FunctionDescriptor.of(
                            JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_INT));
            regions = TurboRegions.find(functions);
        }
    }

    /// Loaded with the first call of [#open].
    private static final class Loaded {
        private static final Optional<Functions> FUNCTIONS = usable();

        private static Optional<Functions> usable() {
            try {
                return SystemLibrary.find(FILES)
                        .map(Functions::new)
                        .filter(functions -> JpegProbes.areExact(new TurboJpeg(functions)));
            } catch (IllegalStateException e) {
                return Optional.empty(); // a library of that name, but older than these functions
            }
        }
    }

    private final Functions functions;
    private final MemorySegment handle;
    private final MemorySegment facts = Arena.ofAuto().allocate(JAVA_INT, 4);

    @SuppressWarnings("restricted") // gives the decompressor back when this is garbage
    private TurboJpeg(Functions functions) {
        this.functions = functions;
        handle = functions
                .create
                .<MemorySegment>call()
                .reinterpret(Arena.ofAuto(), unused -> functions.destroy.call(unused));
    }

    /// A decompressor, where the system has the library and it gives the pixels of the one that comes with this
    /// program.
    public static Optional<TurboJpeg> open() {
        return Loaded.FUNCTIONS.map(TurboJpeg::new);
    }

    /// The library's file, as the system's loader was asked for it.
    public String library() {
        return functions.library;
    }

    /// Whether a part can be decoded without the rest.
    public boolean hasRegions() {
        return functions.regions.isPresent();
    }

    /// Decodes a JPEG file.
    ///
    /// @param file outside of the heap
    /// @param size what the file's header says
    /// @param reduction 1, 2, 4 or 8: this many columns and rows become one, by a smaller cosine transform
    /// @param part of the reduced picture: all of it, but where the library [has regions][#hasRegions]
    /// @param out outside of the heap; takes the rows without gaps
    /// @return whether the file is whole, undamaged and of that size; `out` is unspecified where it is not
    public boolean decode(
            MemorySegment file, PictureSize size, int reduction, Part part, Samples samples, MemorySegment out) {
        if (out.byteSize()
                < (long) samples.bytes * part.size().width() * part.size().height()) {
            throw new IllegalArgumentException(out.byteSize() + " bytes for " + part);
        }
        int read =
                functions.header.<Integer>call(handle, file, file.byteSize(), place(0), place(1), place(2), place(3));
        // the library takes a larger picture that can be scaled down, and scales a smaller one up
        if (read != 0 || !size.equals(new PictureSize(fact(0), fact(1)))) {
            return false;
        }
        PictureSize reduced = size.reduced(reduction);
        if (!part.isAllOf(reduced)) {
            return functions.regions.orElseThrow().decode(handle, file, reduction, part, samples.number, out);
        }
        return functions.decompress.<Integer>call(
                        handle,
                        file,
                        file.byteSize(),
                        out,
                        reduced.width(),
                        0,
                        reduced.height(),
                        samples.number,
                        ACCURATE_DCT)
                == 0;
    }

    private MemorySegment place(int number) {
        return facts.asSlice(4L * number, 4);
    }

    private int fact(int number) {
        return facts.getAtIndex(JAVA_INT, number);
    }
}
