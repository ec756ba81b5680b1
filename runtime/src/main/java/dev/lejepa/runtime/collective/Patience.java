package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Says that a rank waits for the others: after 30 s, and whenever that time has doubled. Used by one thread.
final class Patience {
    private static final long FIRST_SECONDS = 30;

    private final String who;
    private final Consumer<String> notes;
    private long since = -1;
    private long nextSeconds;

    Patience(String who, Consumer<String> notes) {
        this.who = who;
        this.notes = notes;
    }

    void waitingFor(Pending one) {
        if (since != one.begin()) {
            since = one.begin();
            nextSeconds = FIRST_SECONDS;
        }
        var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        if (seconds >= nextSeconds) {
            nextSeconds *= 2;
            notes.accept(Text.format("lejepa: %s waits for the others since %d s: %s", who, seconds, one.what()));
        }
    }
}
