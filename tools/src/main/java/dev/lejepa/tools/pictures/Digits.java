package dev.lejepa.tools.pictures;

import java.util.List;

/// The digits, a point and a minus, three dots wide and five high.
final class Digits {
    static final int HEIGHT = 5;
    private static final int WIDTH = 3;
    private static final String KNOWN = "0123456789.-";
    /// A word for each, its rows from the top, a dot where there is a 1.
    private static final List<String> ROWS = List.of(
            "111101101101111",
            "010110010010111",
            "111001111100111",
            "111001111001111",
            "101101111001001",
            "111100111001111",
            "111100111101111",
            "111001001001001",
            "111101111101111",
            "111101111001111",
            "000000000000010",
            "000000111000000");

    private Digits() {}

    /// Takes a dot.
    @FunctionalInterface
    interface Dots {
        void at(int x, int y);
    }

    /// Dots that a text is wide.
    static int width(String text) {
        return text.length() * (WIDTH + 1) - 1;
    }

    static void draw(String text, Dots dots) {
        for (var i = 0; i < text.length(); i++) {
            var rows = ROWS.get(KNOWN.indexOf(text.charAt(i)));
            for (var dot = 0; dot < rows.length(); dot++) {
                if (rows.charAt(dot) == '1') {
                    dots.at(i * (WIDTH + 1) + dot % WIDTH, dot / WIDTH);
                }
            }
        }
    }
}
