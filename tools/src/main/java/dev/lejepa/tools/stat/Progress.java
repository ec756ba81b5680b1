package dev.lejepa.tools.stat;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.lejepa.graphs.Text;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Tells of work in equal steps if it takes long: once how long it will be, then at every tenth of it.
final class Progress {
    private static final double NANOS = 1e9;

    /// Seconds after which the time that all will take is known well enough, and what is long.
    private static final double KNOWN = 2;

    private static final double LONG = 20;
    private static final int TOLD = 10;

    private final String what;
    private final long steps;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private final long start;
    private boolean estimated;
    private boolean told;
    private long done;

    Progress(String what, long steps, Consumer<String> notes) {
        this(what, steps, notes, System::nanoTime);
    }

    /// @param clock of nanoseconds
    Progress(String what, long steps, Consumer<String> notes, LongSupplier clock) {
        this.what = what;
        this.steps = steps;
        this.notes = notes;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /// One more step is done.
    void step() {
        done++;
        var seconds = (clock.getAsLong() - start) / NANOS;
        var left = seconds * (steps - done) / done;
        if (!estimated && seconds >= KNOWN) {
            estimated = true;
            told = seconds + left > LONG;
            tell(told, "about %s", duration(seconds + left));
        } else {
            var tenths = done * TOLD / steps;
            tell(
                    told && done < steps && tenths > (done - 1) * TOLD / steps,
                    "%d%% done, about %s left",
                    tenths * TOLD,
                    duration(left));
        }
    }

    @FormatMethod
    private void tell(boolean when, @FormatString String format, Object... values) {
        if (when) {
            notes.accept(what + ": " + Text.format(format, values));
        }
    }

    private static String duration(double seconds) {
        if (seconds < 120) {
            return Text.format("%d s", Math.round(seconds));
        }
        return seconds < 7200 ? Text.format("%d min", Math.round(seconds / 60)) : Text.format("%.1f h", seconds / 3600);
    }
}
