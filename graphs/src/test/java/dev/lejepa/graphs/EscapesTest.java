package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EscapesTest {
    @Test
    void whatCannotBeShownIsEscapedAndAllElseStays() {
        assertEquals("a\\\\b \"é😀\" 猫", Escapes.unprintable("a\\\\b \"é😀\" 猫"));
        assertEquals("\\n\\r\\t\\u0000\\u001b\\u0085\\u2028", Escapes.unprintable("\n\r\t\0\033\u0085\u2028"));
        assertEquals("\\ufeff\\u202e\\udc80\\ud83d", Escapes.unprintable("\ufeff\u202e\udc80\ud83d"));
        assertEquals("\\U000e0001", Escapes.unprintable(Character.toString(0xE0001)));
    }

    @Test
    void halvesOfPairsAreEscapedForUtf8() {
        assertEquals("\n😀\\udc80é\\ud83d", Escapes.halfPairs("\n😀\udc80é\ud83d"));
    }
}
