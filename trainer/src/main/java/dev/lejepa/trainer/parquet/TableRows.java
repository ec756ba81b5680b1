package dev.lejepa.trainer.parquet;

import dev.lejepa.trainer.shards.Seen;
import org.jspecify.annotations.Nullable;

/// What a table's rows were found to hold; every array has a place for each row.
///
/// @param pages byte of the file at which the page begins that the row's image lies in
/// @param lengths bytes of each encoded image, 0 where there is none
/// @param seen what is known of each picture
/// @param names what the images were called, null where nothing says so
/// @param labels as they stand in the table
record TableRows(
        long[] pages, int[] lengths, Seen[] seen, @Nullable String[] names, TableLabels labels) {
    static TableRows empty(int rows, @Nullable String[] names, TableLabels labels) {
        return new TableRows(new long[rows], new int[rows], new Seen[rows], names, labels);
    }

    int count() {
        return lengths.length;
    }

    /// What an image is called within its file: its row's number, and what it was called where that is known.
    String name(int row) {
        String called = names[row];
        if (called == null) {
            return Integer.toString(row);
        }
        String last = called.substring(called.lastIndexOf('/') + 1).replace("\0", "");
        return last.isEmpty() ? Integer.toString(row) : row + "-" + last;
    }
}
