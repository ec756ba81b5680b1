package dev.lejepa.graphs;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Words and numbers that are the same wherever the program runs: digits, decimal points and letters follow no locale.
public final class Text {
    private Text() {}

    /// As `format.formatted(...)` without a locale. Paths appear as [PathText#shown] gives them, since what a path says
    /// of itself depends on the locale too.
    @FormatMethod
    public static String format(@FormatString String format, @Nullable Object... values) {
        Object[] told = Arrays.stream(values)
                .map(value -> value instanceof Path path ? PathText.shown(path) : value)
                .toArray();
        return String.format(Locale.ROOT, format, told);
    }

    /// A text as one line that any terminal shows: line ends, other control characters and what no encoding holds are
    /// escaped, as `\n`, `\x1b`, or `\xfc` for a byte of a name that is not UTF-8.
    public static String shown(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case 0x2028, 0x2029 -> line.append(format("\\u%04x", c)); // separators of lines and paragraphs
                default -> {
                    if (PathText.isStrayByte(c)) {
                        line.append(format("\\x%02x", c & 0xFF));
                    } else if (isSurrogate(c)) {
                        line.append(format("\\u%04x", c));
                    } else if (Character.isISOControl(c)) {
                        line.append(format("\\x%02x", c));
                    } else {
                        line.appendCodePoint(c);
                    }
                }
            }
        });
        return line.toString();
    }

    /// A document of JSON, or of YAML whose texts are quoted, in which lone surrogates are escaped (`\udcfc`): what
    /// reads it gets the same texts, though UTF-8 has no bytes for them.
    public static String document(String document) {
        CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
        if (utf8.canEncode(document)) {
            return document;
        }
        StringBuilder whole = new StringBuilder();
        document.codePoints().forEach(c -> {
            if (isSurrogate(c)) {
                whole.append(format("\\u%04x", c));
            } else {
                whole.appendCodePoint(c);
            }
        });
        return whole.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
