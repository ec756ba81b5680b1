package dev.lejepa.graphs;

/// Text that may hold anything, made fit for one line of a terminal or a log: what is no visible character is
/// [escaped][Escapes#unprintable], and what is far too long is cut.
public final class OneLine {
    /// More than any message that a person wrote; names out of damaged files can be longer than a screen.
    private static final int LONGEST = 10_000;

    private OneLine() {}

    /// The same text where it is one line already.
    public static String of(String text) {
        var line = Escapes.unprintable(text);
        return line.length() <= LONGEST
                ? line
                : Text.format("%s... (%d more characters)", line.substring(0, LONGEST), line.length() - LONGEST);
    }
}
