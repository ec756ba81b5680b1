package dev.lejepa.trainer.parquet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The labels of a table's rows as they stand there.
sealed interface TableLabels {
    /// The table has none.
    record None() implements TableLabels {}

    /// Whole numbers.
    ///
    /// @param values negative where a row has none
    /// @param names of the classes by number; empty where the table has no names
    record Numbers(long[] values, List<String> names) implements TableLabels {}

    /// Texts.
    ///
    /// @param values null where a row has none
    record Texts(@Nullable String[] values) implements TableLabels {}
}
