package dev.lejepa.trainer.packed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How images lie in a packed file. A form's place here is its number in files.
public enum PackForm {
    /// As the files that they were.
    ORIGINAL,
    /// As JPEG files, 4:2:0.
    JPEG,
    /// As bare pixels `[height, width, 3]`, upright.
    RAW;

    /// The form of a name as people write it.
    public static Optional<PackForm> of(String name) {
        return Arrays.stream(values())
                .filter(form -> form.toString().equals(name))
                .findFirst();
    }

    /// The form of a number in a file.
    static Optional<PackForm> of(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    /// All names.
    public static List<String> names() {
        return Arrays.stream(values()).map(PackForm::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
