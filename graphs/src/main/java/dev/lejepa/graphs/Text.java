package dev.lejepa.graphs;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
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
}
