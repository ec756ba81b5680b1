package dev.lejepa.graphs.random;

/// A uniformly random order of the numbers `0..n-1`, as a function of a key.
public final class Permutation {
    private Permutation() {}

    /// Fisher and Yates' shuffle from the front: position `i` exchanges with a random one at or after it.
    public static int[] of(Key key, int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        Draws draws = key.draws();
        for (int i = 0; i < n - 1; i++) {
            int j = i + draws.below(n - i);
            int taken = order[j];
            order[j] = order[i];
            order[i] = taken;
        }
        return order;
    }
}
