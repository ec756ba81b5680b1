package dev.lejepa.trainer.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How pixels between pixels are made, as PIL does: a function of the distance, stretched where an image shrinks.
public enum Interpolation {
    /// A triangle.
    BILINEAR(1),
    /// Keys' cubic with `a = -1/2` (IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981).
    BICUBIC(2);

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /// The distance from which on the function is 0, in pixels of an image that keeps its size.
    double support() {
        return support;
    }

    /// The word of an encoder's metadata and of flags.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The one of a word, if there is one.
    public static Optional<Interpolation> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /// Its words.
    public static List<String> words() {
        return Arrays.stream(values()).map(Interpolation::word).toList();
    }

    double at(double distance) {
        double x = Math.abs(distance);
        return switch (this) {
            case BILINEAR -> Math.max(0.0, 1.0 - x);
            case BICUBIC -> x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
        };
    }
}
