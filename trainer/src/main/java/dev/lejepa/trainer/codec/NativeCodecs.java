package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/// libjpeg-turbo and libwebp, for use from many threads. Files are bytes outside of the heap.
///
/// JPEG goes through leptonica's reader: libjpeg reports faults by jumping out of its functions, which only C code may
/// catch.
public final class NativeCodecs {
    private static final String FILE = "libleptonica.so.6";

    // arguments of leptonica's functions
    private static final int NO_PALETTE = 0;
    private static final int EVEN_IF_DAMAGED = 2;
    private static final int NO_MESSAGES = 6;

    private static final byte[] END_OF_JPEG = {(byte) 0xFF, (byte) 0xD9};

    /// Loaded with the first call of [#get].
    private static final class Loaded {
        private static final NativeCodecs CODECS = new NativeCodecs(open());
    }

    private final QuietErrors quiet = QuietErrors.ofProcess();
    private final NativeFunctions.Function readJpeg;
    private final NativeFunctions.Function webpSize;
    private final NativeFunctions.Function webpRgb;
    private final Pix.Accessors accessors;
    private final JpegWriter jpegWriter;

    private NativeCodecs(NativeFunctions functions) {
        functions
                .find("setMsgSeverity", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                .call(NO_MESSAGES);
        readJpeg = functions.find(
                "pixReadMemJpeg",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        webpSize = functions.find("WebPGetInfo", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
        webpRgb = functions.find(
                "WebPDecodeRGBInto", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
        accessors = new Pix.Accessors(functions);
        jpegWriter = new JpegWriter(functions);
    }

    /// The codecs of this process.
    ///
    /// @throws UncheckedIOException if their library cannot be loaded
    public static NativeCodecs get() {
        try {
            return Loaded.CODECS;
        } catch (ExceptionInInitializerError e) {
            throw cannotLoad(": " + e.getCause(), e);
        } catch (NoClassDefFoundError e) { // every call after the first
            throw cannotLoad("", e);
        }
    }

    /// The codecs of this process, where their library can be loaded.
    public static Optional<NativeCodecs> find() {
        try {
            return Optional.of(get());
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /// What decodes JPEG, for a person.
    public String jpegLibrary() {
        return Text.format("libjpeg-turbo in leptonica's %s", FILE);
    }

    private static UncheckedIOException cannotLoad(String why, LinkageError e) {
        return new UncheckedIOException(
                "the decoders of JPEG and WebP that come with this program cannot be loaded" + why, new IOException(e));
    }

    private static NativeFunctions open() {
        String resource = Text.format("/org/bytedeco/leptonica/%s/%s", Loader.getPlatform(), FILE);
        try {
            // no extractor of its own: the file is kept in JavaCPP's cache, as those of the other libraries are
            var file = Loader.cacheResource(NativeCodecs.class, resource);
            if (file == null) {
                throw new IOException("no " + resource + " on the class path");
            }
            return new NativeFunctions(SymbolLookup.libraryLookup(file.toPath(), Arena.global()), FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Decodes a JPEG file.
    ///
    /// Where bytes run out libjpeg makes up the end of the picture and counts that as a warning, among those for damage.
    /// With an end that is really there the same file has one warning less: this is how a file that was cut off is told
    /// from one that is damaged.
    ///
    /// @param reduction 1, 2, 4 or 8: this many columns and rows become one, by a smaller cosine transform
    public JpegResult jpeg(MemorySegment file, int reduction) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment warnings = arena.allocate(JAVA_INT);
            Optional<Pix> picture = readJpeg(file, reduction, warnings);
            int before = warnings.get(JAVA_INT, 0);
            if (picture.isEmpty()) {
                return new JpegResult.Damaged();
            }
            Optional<Pix> unused = picture;
            try {
                if (before > 0 && before != warningsOfEnded(arena, file, reduction, warnings)) {
                    return new JpegResult.CutOff();
                }
                unused = Optional.empty();
                return new JpegResult.Picture(picture.get());
            } finally {
                unused.ifPresent(Pix::close);
            }
        }
    }

    private int warningsOfEnded(Arena arena, MemorySegment file, int reduction, MemorySegment warnings) {
        MemorySegment ended = arena.allocate(file.byteSize() + END_OF_JPEG.length);
        ended.copyFrom(file);
        MemorySegment.copy(END_OF_JPEG, 0, ended, JAVA_BYTE, file.byteSize(), END_OF_JPEG.length);
        return readJpeg(ended, reduction, warnings)
                .map(pix -> {
                    pix.close();
                    return warnings.get(JAVA_INT, 0);
                })
                .orElse(-1);
    }

    private Optional<Pix> readJpeg(MemorySegment file, int reduction, MemorySegment warnings) {
        MemorySegment pix = quiet.during(
                () -> readJpeg.call(file, file.byteSize(), NO_PALETTE, reduction, warnings, EVEN_IF_DAMAGED));
        return pix.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(new Pix(accessors, pix));
    }

    /// What writes JPEG files.
    public JpegWriter jpegWriter() {
        return jpegWriter;
    }

    /// Width and height of the picture in a WebP file or a bare chunk of one; empty if there is none.
    public Optional<PictureSize> webpSize(MemorySegment file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment width = arena.allocate(JAVA_INT);
            MemorySegment height = arena.allocate(JAVA_INT);
            boolean found = webpSize.<Integer>call(file, file.byteSize(), width, height) != 0;
            return found
                    ? Optional.of(new PictureSize(width.get(JAVA_INT, 0), height.get(JAVA_INT, 0)))
                    : Optional.empty();
        }
    }

    /// Decodes WebP without its alpha.
    ///
    /// @param rgb takes the picture, row after row without gaps; outside of the heap
    /// @param width of the picture
    /// @return whether the file was whole and undamaged
    public boolean webp(MemorySegment file, MemorySegment rgb, int width) {
        return !webpRgb.<MemorySegment>call(file, file.byteSize(), rgb, rgb.byteSize(), 3 * width)
                .equals(MemorySegment.NULL);
    }
}
