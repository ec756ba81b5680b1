package dev.lejepa.graphs;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Paths as texts and texts as paths, without loss and whatever the locale. The JDK decodes names by the locale, and
/// where that is not UTF-8, as in a bare container, a name outside ASCII is refused or becomes `?`.
///
/// A name is a row of bytes. Those that are UTF-8 stand for characters; any other byte, say `fc`, stands for the lone
/// surrogate `U+DCFC`, as in Python's `surrogateescape`. So every name has a text and the text leads back to the name.
public final class PathText {
    private static final int STRAY_BYTES = 0xDC00;
    private static final boolean NAMES_ARE_BYTES = File.separatorChar == '/';
    private static final Path ROOT = Path.of(File.separator);

    private PathText() {}

    /// The path that a text stands for. A relative one stays so.
    ///
    /// @throws InvalidPathException if no file can have this name: it holds NUL, or a surrogate that stands for no byte
    public static Path path(String text) {
        if (!NAMES_ARE_BYTES || isPlain(text)) {
            return Path.of(text);
        }
        return path(text, encoded(text));
    }

    /// Through a URI, the one way to hand raw bytes to the JDK's file system.
    private static Path path(String text, byte[] name) {
        StringBuilder uri = new StringBuilder("file:///");
        boolean slash = true;
        for (byte b : name) {
            if (b == 0) {
                throw new InvalidPathException(text, "Nul character not allowed");
            }
            if (b != '/') {
                uri.append('%').append(Character.forDigit(b >> 4 & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
            } else if (!slash) {
                uri.append('/');
            }
            slash = b == '/';
        }
        Path absolute = Path.of(URI.create(uri.toString()));
        return name[0] == '/' ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /// The text that stands for a path.
    public static String text(Path path) {
        String told = path.toString();
        return !NAMES_ARE_BYTES || isPlain(told) ? told : decoded(bytes(path));
    }

    /// The bytes of a path's name, as the system has them.
    public static byte[] bytes(Path path) {
        String told = path.toString();
        if (!NAMES_ARE_BYTES || isPlain(told)) {
            return told.getBytes(StandardCharsets.UTF_8);
        }
        String uri = ROOT.resolve(path).toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length(); // what a URI adds to the name of a folder
        var name = new ByteArrayOutputStream(end);
        for (int i = path.isAbsolute() ? 0 : 1; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                name.write(Character.digit(uri.charAt(i + 1), 16) << 4 | Character.digit(uri.charAt(i + 2), 16));
                i += 2;
            } else {
                name.write(c);
            }
        }
        return name.toByteArray();
    }

    /// A path as one line of a list. A line end in it is written `\n` or `\r`, a backslash `\\`, so that every line
    /// leads back to one name. [#encoded] gives the line's bytes.
    public static String line(Path path) {
        return text(path).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    /// A path as people read it, on one line and in characters that every encoding of Unicode holds.
    public static String shown(Path path) {
        return Text.shown(text(path));
    }

    /// The text that bytes stand for.
    public static String decoded(byte[] bytes) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = utf8.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (STRAY_BYTES | in.get() & 0xFF));
            }
            utf8.reset();
        }
    }

    /// The bytes that a text stands for: UTF-8, and one byte for each surrogate that stands for one.
    ///
    /// @throws InvalidPathException if the text holds a lone surrogate that stands for no byte
    public static byte[] encoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (isStrayByte(c)) {
                bytes.writeBytes(text.substring(done, i).getBytes(StandardCharsets.UTF_8));
                bytes.write(c);
                done = i + 1;
            } else if (Character.isSurrogate(c)) {
                throw new InvalidPathException(Text.shown(text), "half a character");
            }
        }
        bytes.writeBytes(text.substring(done).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /// Whether a character stands for a byte that is not UTF-8.
    static boolean isStrayByte(int c) {
        return c >= (STRAY_BYTES | 0x80) && c <= (STRAY_BYTES | 0xFF);
    }

    /// Whether every encoding that a locale may have agrees on a text: ASCII without the `?` that decoders put in place
    /// of
    /// what they do not know.
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c < 0x80 && c != '?');
    }
}
