package dev.lejepa.trainer.layout;

import java.util.List;

/// An array of a MATLAB file. Elements are in MATLAB's order, the first dimension fastest.
sealed interface MatValue {
    /// Numbers of any type.
    record Numbers(double[] values) implements MatValue {}

    /// Characters.
    record Letters(String text) implements MatValue {}

    /// Arrays of any kind.
    record Cells(List<MatValue> items) implements MatValue {}

    /// Structures, all with the same fields.
    ///
    /// @param items those of the first structure in the order of `fields`, then those of the next
    record Structures(List<String> fields, List<MatValue> items) implements MatValue {
        int count() {
            return fields.isEmpty() ? 0 : items.size() / fields.size();
        }

        /// A field of a structure.
        MatValue item(int structure, int field) {
            return items.get(structure * fields.size() + field);
        }
    }

    /// An array of a class that no data set here has.
    ///
    /// @param kind MATLAB's number of the class
    record Other(int kind) implements MatValue {}
}
