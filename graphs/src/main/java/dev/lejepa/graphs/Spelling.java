package dev.lejepa.graphs;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what was probably meant.
public final class Spelling {
    private Spelling() {}

    /// Letters from which a part of a word tells which is meant.
    private static final int TELLING = 3;

    /// The word that `given` is a part of, if it is one; else the one that takes the fewest typing errors to become it.
    /// The first of equals.
    public static Optional<String> nearest(String given, Collection<String> words) {
        return words.stream()
                .min(Comparator.<String>comparingInt(word -> isPart(given, word) ? 0 : 1)
                        .thenComparingInt(word -> distance(given, word)));
    }

    private static boolean isPart(String given, String word) {
        return given.length() >= TELLING && word.contains(given);
    }

    /// Levenshtein's distance: single characters inserted, deleted or replaced.
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
