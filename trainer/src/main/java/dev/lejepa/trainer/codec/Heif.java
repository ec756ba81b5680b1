package dev.lejepa.trainer.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Optional;

/// The system's libheif, which reads AVIF and HEIC, for use from many threads.
public final class Heif {
    private static final String[] FILES = {
        "libheif.so.1",
        "libheif.1.dylib",
        "/opt/homebrew/lib/libheif.1.dylib",
        "/usr/local/lib/libheif.1.dylib",
        "heif.dll",
        "libheif.dll",
        "libheif-1.dll"
    };

    /// `struct heif_error`: a code, a finer one, and words that need not be freed.
    private static final StructLayout ERROR = MemoryLayout.structLayout(JAVA_INT, JAVA_INT, ADDRESS);

    private static final int CODE = 0;
    private static final int SUBCODE = 4;
    private static final int MESSAGE = 8;
    private static final int UNSUPPORTED_CODEC = 3003;
    private static final int END_OF_DATA = 100;
    private static final int LONGEST_MESSAGE = 300;

    /// Loaded with the first call of [#find].
    private static final class Loaded {
        private static final Optional<Heif> HEIF = usable();

        private static Optional<Heif> usable() {
            try {
                return SystemLibrary.find(FILES).map(Heif::new);
            } catch (IllegalStateException e) {
                return Optional.empty(); // a library of that name without these functions
            }
        }
    }

    final NativeFunctions.Function createContext;
    final NativeFunctions.Function freeContext;
    final NativeFunctions.Function read;
    final NativeFunctions.Function primary;
    final NativeFunctions.Function handleWidth;
    final NativeFunctions.Function handleHeight;
    final NativeFunctions.Function freeHandle;
    final NativeFunctions.Function decode;
    final NativeFunctions.Function imageWidth;
    final NativeFunctions.Function imageHeight;
    final NativeFunctions.Function plane;
    final NativeFunctions.Function freeImage;

    private Heif(NativeFunctions functions) {
        FunctionDescriptor free = FunctionDescriptor.ofVoid(ADDRESS);
        FunctionDescriptor number = FunctionDescriptor.of(JAVA_INT, ADDRESS);
        createContext = functions.find("heif_context_alloc", FunctionDescriptor.of(ADDRESS));
        freeContext = functions.find("heif_context_free", free);
        read = functions.find(
                "heif_context_read_from_memory_without_copy",
                FunctionDescriptor.of(ERROR, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        primary =
                functions.find("heif_context_get_primary_image_handle", FunctionDescriptor.of(ERROR, ADDRESS, ADDRESS));
        handleWidth = functions.find("heif_image_handle_get_width", number);
        handleHeight = functions.find("heif_image_handle_get_height", number);
        freeHandle = functions.find("heif_image_handle_release", free);
        decode = functions.find(
                "heif_decode_image", FunctionDescriptor.of(ERROR, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
        imageWidth = functions.find("heif_image_get_width", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        imageHeight = functions.find("heif_image_get_height", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        plane = functions.find(
                "heif_image_get_plane_readonly", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
        freeImage = functions.find("heif_image_release", free);
    }

    /// The library, where the system has it.
    public static Optional<Heif> find() {
        return Loaded.HEIF;
    }

    /// Opens the main picture of a file, without decoding it.
    ///
    /// @param file outside of the heap; stays there until the picture is closed
    /// @throws CodecException if there is no such picture
    public HeifPicture open(MemorySegment file) throws CodecException {
        return HeifPicture.open(this, file);
    }

    /// Calls a function that returns an error.
    void check(NativeFunctions.Function function, Object... arguments) throws CodecException {
        try (Arena arena = Arena.ofConfined()) {
            Object[] all = new Object[arguments.length + 1];
            all[0] = arena; // where the error goes
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            MemorySegment error = QuietErrors.ofProcess().during(() -> function.<MemorySegment>call(all));
            if (error.get(JAVA_INT, CODE) != 0) {
                throw exception(error);
            }
        }
    }

    private static CodecException exception(MemorySegment error) {
        int subcode = error.get(JAVA_INT, SUBCODE);
        String message = words(error.get(ADDRESS, MESSAGE));
        String reason = subcode == UNSUPPORTED_CODEC
                ? Text.format(
                        "libheif has no decoder for its codec (%s); its plugins are packages of their own", message)
                : Text.format("libheif makes no picture of it (%s)", message);
        return new CodecException(reason, subcode == END_OF_DATA);
    }

    @SuppressWarnings("restricted") // ends with a zero
    private static String words(MemorySegment message) {
        return message.equals(MemorySegment.NULL)
                ? "no reason given"
                : message.reinterpret(LONGEST_MESSAGE).getString(0);
    }
}
