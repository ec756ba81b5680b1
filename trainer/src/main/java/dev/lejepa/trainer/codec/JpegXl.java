package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The system's libjxl, which reads JPEG XL, for use from many threads. Pictures are upright, as the file's own
/// orientation makes them.
public final class JpegXl {
    private static final String[] FILES = {
        "libjxl.so.0.12",
        "libjxl.so.0.11",
        "libjxl.so.0.10",
        "libjxl.so.0.9",
        "libjxl.so.0.8",
        "libjxl.so.0.7",
        "libjxl.dylib",
        "/opt/homebrew/lib/libjxl.dylib",
        "/usr/local/lib/libjxl.dylib",
        "jxl.dll",
        "libjxl.dll"
    };

    // states of a decoder, of which the larger ones are events too
    private static final int DONE = 0;
    private static final int NEED_MORE = 2;
    private static final int NEED_PIXELS = 5;
    private static final int BASIC_INFO = 0x40;
    private static final int FULL_IMAGE = 0x1000;

    /// More than `JxlBasicInfo` has had in any version; width and height follow its first number.
    private static final int INFO_BYTES = 1024;

    private static final int WIDTH = 4;
    private static final int HEIGHT = 8;

    // `JxlPixelFormat`: channels, type, order of bytes, alignment of rows
    private static final int FORMAT_BYTES = 24;
    private static final int TYPE = 4;
    private static final int UNSIGNED_BYTES = 2;

    /// Loaded with the first call of [#find].
    private static final class Loaded {
        private static final Optional<JpegXl> JPEG_XL = usable();

        private static Optional<JpegXl> usable() {
            try {
                return SystemLibrary.find(FILES).map(JpegXl::new);
            } catch (IllegalStateException e) {
                return Optional.empty(); // a library of that name without these functions
            }
        }
    }

    private final NativeFunctions.Function create;
    private final NativeFunctions.Function destroy;
    private final NativeFunctions.Function subscribe;
    private final NativeFunctions.Function input;
    private final NativeFunctions.Function closeInput;
    private final NativeFunctions.Function process;
    private final NativeFunctions.Function info;
    private final NativeFunctions.Function output;

    private JpegXl(NativeFunctions functions) {
        create = functions.find("JxlDecoderCreate", FunctionDescriptor.of(ADDRESS, ADDRESS));
        destroy = functions.find("JxlDecoderDestroy", FunctionDescriptor.ofVoid(ADDRESS));
        subscribe = functions.find("JxlDecoderSubscribeEvents", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        input = functions.find("JxlDecoderSetInput", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
        closeInput = functions.find("JxlDecoderCloseInput", FunctionDescriptor.ofVoid(ADDRESS));
        process = functions.find("JxlDecoderProcessInput", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        info = functions.find("JxlDecoderGetBasicInfo", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        output = functions.find(
                "JxlDecoderSetImageOutBuffer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    }

    /// The library, where the system has it.
    public static Optional<JpegXl> find() {
        return Loaded.JPEG_XL;
    }

    /// The size of a file's picture. Some of its first bytes do.
    ///
    /// @param file outside of the heap
    /// @throws CodecException if it has none, or bytes are missing
    public PictureSize size(MemorySegment file) throws CodecException {
        MemorySegment decoder = decoder(file, BASIC_INFO);
        try (Arena arena = Arena.ofConfined()) {
            expect(BASIC_INFO, step(decoder));
            MemorySegment facts = arena.allocate(INFO_BYTES, Long.BYTES);
            expect(DONE, info.<Integer>call(decoder, facts));
            return new PictureSize(facts.get(JAVA_INT, WIDTH), facts.get(JAVA_INT, HEIGHT));
        } finally {
            destroy.call(decoder);
        }
    }

    /// Decodes a file's picture, or the first of them, to 8 bits, without its alpha.
    ///
    /// @param file outside of the heap
    /// @param rgb takes the rows without gaps: as many bytes as [#size] asks for; outside of the heap
    /// @throws CodecException if it is damaged or cut off
    public void decode(MemorySegment file, MemorySegment rgb) throws CodecException {
        MemorySegment decoder = decoder(file, FULL_IMAGE);
        try (Arena arena = Arena.ofConfined()) {
            closeInput.call(decoder);
            expect(NEED_PIXELS, step(decoder));
            MemorySegment format = arena.allocate(FORMAT_BYTES, Long.BYTES);
            format.set(JAVA_INT, 0, 3);
            format.set(JAVA_INT, TYPE, UNSIGNED_BYTES);
            expect(DONE, output.<Integer>call(decoder, format, rgb, rgb.byteSize()));
            expect(FULL_IMAGE, step(decoder));
        } finally {
            destroy.call(decoder);
        }
    }

    private int step(MemorySegment decoder) {
        return QuietErrors.ofProcess().during(() -> process.<Integer>call(decoder));
    }

    private MemorySegment decoder(MemorySegment file, int events) {
        MemorySegment decoder = create.call(MemorySegment.NULL);
        subscribe.call(decoder, events);
        input.call(decoder, file, file.byteSize());
        return decoder;
    }

    private static void expect(int state, int found) throws CodecException {
        if (found != state) {
            throw new CodecException(
                    Text.format("libjxl makes no picture of it (state %d)", found), found == NEED_MORE);
        }
    }
}
