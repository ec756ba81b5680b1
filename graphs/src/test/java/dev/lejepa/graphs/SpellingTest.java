package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> WORDS = List.of("epps_pulley", "anderson_darling", "watson", "hz", "hv");

    @ParameterizedTest
    @CsvSource({
        "watsen, watson",
        "anderson, anderson_darling",
        "pulley, epps_pulley",
        "ander_darling, anderson_darling",
        "hx, hz",
        "h, hz"
    })
    void nearestIsWhatWasMeant(String given, String meant) {
        assertEquals(Optional.of(meant), Spelling.nearest(given, WORDS));
    }
}
