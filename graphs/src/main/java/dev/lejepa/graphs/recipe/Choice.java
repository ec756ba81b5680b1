package dev.lejepa.graphs.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A value of a recipe that is one of a few words: an enum constant, written in lower case.
public sealed interface Choice permits JpegDecoding, Dialect, Regularizer, Precision, Recompute, Target, ViewsOn {

    /// The constant's Java name.
    String name();

    /// The word that recipes use.
    default String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The words of all constants.
    static <E extends Enum<E> & Choice> List<String> words(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
    }

    /// The constant of a word, if there is one.
    static <E extends Enum<E> & Choice> Optional<E> find(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.word().equals(word))
                .findFirst();
    }
}
