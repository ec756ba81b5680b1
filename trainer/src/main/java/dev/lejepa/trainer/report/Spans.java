package dev.lejepa.trainer.report;

import dev.lejepa.graphs.Text;
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
            return Text.format("%dm%02ds", seconds / 60, seconds % 60);
        }
        long minutes = seconds / 60;
        if (minutes < 48 * 60) {
            return Text.format("%dh%02dm", minutes / 60, minutes % 60);
        }
        return Text.format("%dd%02dh", minutes / (24 * 60), minutes / 60 % 24);
    }
}
