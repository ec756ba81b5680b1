package dev.lejepa.graphs;

/// Text that may hold anything, made fit for one line of a terminal or a log: control characters and line ends stand as
/// escapes (`\n`, `\u001b`), and what is far too long is cut.
public final class OneLine {
    /// More than any message that a person wrote; names out of damaged files can be longer than a screen.
    private static final int LONGEST = 10_000;

    private OneLine() {}

    /// The same text where it is one line already.
    public static String of(String text) {
        var line = text.chars().anyMatch(OneLine::isControl) ? escaped(text) : text;
        return line.length() <= LONGEST
                ? line
                : Text.format("%s... (%d more characters)", line.substring(0, LONGEST), line.length() - LONGEST);
    }

    private static String escaped(String text) {
        var line = new StringBuilder();
        text.chars().forEach(c -> {
            if (isControl(c)) {
                line.append(escape(c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    /// The two separators break lines for readers that know Unicode.
    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> Text.format("\\u%04x", c);
        };
    }
}
