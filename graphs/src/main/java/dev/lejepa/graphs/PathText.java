package dev.lejepa.graphs;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Paths as texts and texts as paths, without loss and whatever the locale. The JDK decodes names by the locale, and
/// where that is not UTF-8, as in a bare container, a name outside ASCII is refused or becomes `?`.
///
/// A name is a row of bytes. Those that are UTF-8 stand for characters; any other byte, say `fc`, stands for the lone
/// surrogate `U+DCFC`, as in Python's `surrogateescape`. So every name has a text and the text leads back to the name.
public final class PathText {
    private static final int STRAY_BYTES = 0xDC00;
    private static final boolean NAMES_ARE_BYTES = File.separatorChar == '/';
    private static final Set<String> SELF_AND_PARENT = Set.of("", ".", "..");
    private static final Path ROOT = Path.of(File.separator);
    private static final Optional<Path> WORKING_FOLDER = mistakenFolder();

    private PathText() {}

    /// The path that a text stands for. A relative one stays so, unless the JDK mistakes the name of the working folder.
    ///
    /// @throws InvalidPathException if no file can have this name: it holds NUL, or a surrogate that stands for no byte
    public static Path path(String text) {
        Path path = parsed(text);
        return WORKING_FOLDER.map(folder -> folder.resolve(path)).orElse(path);
    }

    /// The working folder where the JDK mistakes its name, and would look for relative paths elsewhere.
    private static Optional<Path> mistakenFolder() {
        Path taken = Path.of("").toAbsolutePath();
        if (!NAMES_ARE_BYTES || isPlain(taken.toString())) {
            return Optional.empty();
        }
        try {
            Path real = Files.readSymbolicLink(Path.of("/proc/self/cwd"));
            return real.equals(taken) ? Optional.empty() : Optional.of(real);
        } catch (IOException e) {
            return Optional.empty(); // a system that does not tell
        }
    }

    private static Path parsed(String text) {
        return !NAMES_ARE_BYTES || isPlain(text) ? Path.of(text) : parsed(text, encoded(text));
    }

    /// Through a URI, the one way to hand raw bytes to the JDK's file system.
    private static Path parsed(String text, byte[] name) {
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

    /// A path as people read it, on one line: what cannot be seen in it is escaped.
    public static String shown(Path path) {
        return Escapes.unprintable(text(path));
    }

    /// The last part of a path as text; that of where it leads for `.`, `..` and no name at all.
    ///
    /// @return `/` for the root of all folders
    public static String name(Path path) {
        Path name = path.getFileName();
        if (name == null || SELF_AND_PARENT.contains(name.toString())) {
            name = real(path).getFileName();
        }
        return name == null ? File.separator : text(name);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath(); // nothing is there yet
        }
    }

    /// The path of a name in the folder that another path lies in.
    public static Path sibling(Path path, String name) {
        return path.resolveSibling(parsed(name));
    }

    /// The path beside another whose name is that one's with something behind it.
    public static Path withSuffix(Path path, String suffix) {
        return sibling(path, text(path.getFileName()) + suffix);
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
                throw new InvalidPathException(Escapes.unprintable(text), "half a character");
            }
        }
        bytes.writeBytes(text.substring(done).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /// Whether a character stands for a byte that is not UTF-8.
    private static boolean isStrayByte(int c) {
        return c >= (STRAY_BYTES | 0x80) && c <= (STRAY_BYTES | 0xFF);
    }

    /// Whether every encoding that a locale may have agrees on a text: it is ASCII, without the `?` that decoders put in
    /// place of what they do not know.
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c < 0x80 && c != '?');
    }
}
