package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.Text;
import java.util.Optional;

/// Which columns of a table have the images and their labels; those that are not named are found by what is usual:
/// `image`, or the only column of that kind, and `label`.
///
/// @param image a column of encoded images, or one with such a field `bytes`
/// @param label a column of numbers or texts
public record ColumnChoice(Optional<String> image, Optional<String> label) {
    /// What is usual.
    public static ColumnChoice usual() {
        return new ColumnChoice(Optional.empty(), Optional.empty());
    }

    /// What decides the index of a table, beside the table.
    String kind() {
        return Text.format("parquet image=%s label=%s", image.orElse(""), label.orElse(""));
    }
}
