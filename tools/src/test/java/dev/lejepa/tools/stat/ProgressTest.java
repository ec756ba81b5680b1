package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final List<String> notes = new ArrayList<>();
    private long seconds;

    private void work(int steps, int secondsOfEach) {
        var progress = new Progress("work", steps, notes::add, () -> seconds * 1_000_000_000L);
        for (var i = 0; i < steps; i++) {
            seconds += secondsOfEach;
            progress.step();
        }
    }

    @Test
    void longWorkTellsHowLongItWillBeAndHowFarItIs() {
        work(20, 12);
        assertEquals(10, notes.size(), notes.toString());
        assertEquals("work: about 4 min", notes.getFirst());
        assertEquals("work: 10% done, about 4 min left", notes.get(1));
        assertEquals("work: 90% done, about 24 s left", notes.getLast());
    }

    @Test
    void shortWorkTellsNothing() {
        work(15, 1);
        assertEquals(List.of(), notes);
    }
}
