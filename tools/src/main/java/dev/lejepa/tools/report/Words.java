package dev.lejepa.tools.report;

import dev.lejepa.graphs.Text;
import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers as people read them.
final class Words {
    /// Stands where there is no number.
    static final String NONE = "–";

    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;

    private Words() {}

    /// With four significant digits: `0.01234`, `12.34`, `1.234e-05`.
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        var rounded = new BigDecimal(value).round(new MathContext(4)).doubleValue();
        var size = Math.abs(rounded);
        if (size != 0 && (size < 1e-4 || size >= 1e6)) {
            return Text.format("%.3e", rounded);
        }
        return new BigDecimal(Double.toString(rounded)).stripTrailingZeros().toPlainString();
    }

    /// A share of 1 in percent, with one decimal. The space does not break.
    static String percent(double share) {
        return Double.isFinite(share) ? Text.format("%.1f\u00a0%%", 100 * share) : NONE;
    }

    /// A rate of things a second: three digits are enough.
    static String rate(double value) {
        return !Double.isFinite(value) ? NONE : value >= 100 ? count(Math.round(value)) : Text.format("%.1f", value);
    }

    /// Grouped by thousands.
    static String count(long value) {
        return Text.format("%,d", value);
    }

    /// A number of things: `1 step`, `930 steps`.
    static String count(long value, String thing) {
        return count(value) + " " + thing + (value == 1 ? "" : "s");
    }

    /// A time with its two largest units: `2 min 43 s`, `3 h 05 min`, `4 d 02 h`.
    static String time(double seconds) {
        if (!Double.isFinite(seconds)) {
            return NONE;
        }
        if (seconds < MINUTE) {
            return seconds < 10 ? Text.format("%.1f s", seconds) : Math.round(seconds) + " s";
        }
        if (seconds < HOUR) {
            var whole = Math.round(seconds);
            return Text.format("%d min %02d s", whole / 60, whole % 60);
        }
        var minutes = Math.round(seconds / MINUTE);
        return seconds < DAY
                ? Text.format("%d h %02d min", minutes / 60, minutes % 60)
                : Text.format("%d d %02d h", minutes / 1440, minutes % 1440 / 60);
    }
}
