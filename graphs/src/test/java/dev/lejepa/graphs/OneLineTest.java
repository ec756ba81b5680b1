package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OneLineTest {
    @Test
    void plainTextStaysAsItIs() {
        var text = "schöne Bilder/日本.png: 3 of 4 \\ \"x\"";
        assertSame(text, OneLine.of(text));
    }

    @Test
    void whatEndsALineOrMovesACursorIsEscaped() {
        assertEquals("a\\nb\\tc\\r\\u001b[2J\\u0000\\u0085\\u2028", OneLine.of("a\nb\tc\r\u001b[2J\u0000\u0085\u2028"));
    }

    @Test
    void endlessTextIsCutAndSaysSo() {
        var line = OneLine.of("x".repeat(70_000));
        assertTrue(line.endsWith("x... (60000 more characters)"), line.substring(line.length() - 40));
    }

    @Test
    void messageOfBadInputIsOneLineWhateverItQuotes() {
        assertEquals("tensor a\\nb", new BadInputException("tensor a\nb").getMessage());
    }
}
