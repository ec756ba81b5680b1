package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpectraTest {
    private static List<Long> kept(long count) {
        var spectra = new Spectra();
        LongStream.rangeClosed(1, count)
                .forEach(step -> spectra.add(new Spectra.Spectrum(step, List.of(1), List.of(1.0))));
        return spectra.all().stream().map(Spectra.Spectrum::step).toList();
    }

    @Test
    void aFewAreAllKept() {
        assertEquals(LongStream.rangeClosed(1, 24).boxed().toList(), kept(24));
    }

    @Test
    void ofManyAnEvenSpreadIsKeptAndAlwaysTheFirstAndTheLast() {
        for (var count : List.of(25L, 40L, 100L, 1001L, 4096L)) {
            var kept = kept(count);
            assertTrue(kept.size() <= 24 && kept.size() >= 10, count + ": " + kept);
            assertEquals(1, kept.getFirst(), "of " + count);
            assertEquals(count, kept.getLast());
            var gap = kept.get(1) - kept.getFirst();
            for (var i = 1; i < kept.size() - 1; i++) {
                assertEquals(gap, kept.get(i) - kept.get(i - 1), count + ": " + kept);
            }
            assertTrue(kept.getLast() - kept.get(kept.size() - 2) <= gap, count + ": " + kept);
        }
    }
}
