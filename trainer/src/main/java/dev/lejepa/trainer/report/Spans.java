package dev.lejepa.trainer.report;

import java.time.Duration;

/// Spans of time as people write them.
final class Spans {
    private Spans() {}

    /// For example `4s`, `3m07s`, `2h05m`, `3d04h`.
    static String text(Duration span) {
        long seconds = Math.max(0, Math.round(span.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return "%dm%02ds".formatted(seconds / 60, seconds % 60);
        }
        long minutes = seconds / 60;
        if (minutes < 48 * 60) {
            return "%dh%02dm".formatted(minutes / 60, minutes % 60);
        }
        return "%dd%02dh".formatted(minutes / (24 * 60), minutes / 60 % 24);
    }
}
