package dev.lejepa.graphs;

import java.util.HexFormat;
import java.util.function.IntPredicate;

/// Texts in which characters that cannot be shown or stored are escaped as in JSON and YAML: `\n`, `\r`, `\t`, or `u`
/// with four hexadecimal digits; beyond those, where JSON knows none, `U` with eight.
public final class Escapes {
    private Escapes() {}

    /// The text on one line: what is no visible character (controls, marks of direction, halves of surrogate pairs) is
    /// escaped. Backslashes stay as they are.
    public static String unprintable(String text) {
        return escape(text, Escapes::isUnprintable);
    }

    /// The text as UTF-8 can hold it: halves of surrogate pairs, which stand for no character, are escaped.
    public static String halfPairs(String text) {
        return escape(text, point -> Character.getType(point) == Character.SURROGATE);
    }

    private static boolean isUnprintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false; // letters, digits and signs of every kind
        };
    }

    private static String escape(String text, IntPredicate which) {
        if (text.codePoints().noneMatch(which)) {
            return text;
        }
        var out = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (which.test(point)) {
                out.append(escaped(point));
            } else {
                out.appendCodePoint(point);
            }
        });
        return out.toString();
    }

    private static String escaped(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                point <= Character.MAX_VALUE
                        ? "\\u" + HexFormat.of().toHexDigits(point, 4)
                        : "\\U" + HexFormat.of().toHexDigits(point, 8);
        };
    }
}
