package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Says that a rank waits for the others: after 30 s, and whenever that time has doubled. Used by one thread.
final class Patience {
    private static final long FIRST_SECONDS = 30;

    private final String who;
    private final Consumer<String> notes;
    private long waiting = -1;
    private long nextSeconds;

    Patience(String who, Consumer<String> notes) {
        this.who = who;
        this.notes = notes;
    }

    /// @param since when it began to wait for that, as [System#nanoTime] counts
    void waitingFor(String what, long since, long now) {
        if (waiting != since) {
            waiting = since;
            nextSeconds = FIRST_SECONDS;
        }
        var seconds = TimeUnit.NANOSECONDS.toSeconds(now - since);
        if (seconds >= nextSeconds) {
            nextSeconds *= 2;
            notes.accept(Text.format("lejepa: %s has waited %d s for the others: %s", who, seconds, what));
        }
    }
}
