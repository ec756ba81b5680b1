package dev.lejepa.trainer.parquet;

import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.lejepa.graphs.PathText;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Columns of a table that are small: read whole.
final class SmallColumns {
    private static final long NO_NUMBER = -1;

    private final ParquetFileReader table;
    private final int rows;

    SmallColumns(ParquetFileReader table, int rows) {
        this.table = table;
        this.rows = rows;
    }

    /// The labels of all rows.
    TableLabels labels(TableFacts facts) {
        Optional<String> column = facts.columns().label();
        if (column.isEmpty()) {
            return new TableLabels.None();
        }
        return TableColumns.isNumber(table.getFileSchema().getColumn(column.get()))
                ? new TableLabels.Numbers(numbers(column.get()), facts.classes())
                : new TableLabels.Texts(texts(column.get()));
    }

    /// Texts of all rows, null where one has none; bytes that are no UTF-8 are kept as [PathText] does.
    @Nullable
    String[] texts(String column) {
        @Nullable String[] texts = new @Nullable String[rows];
        try (ColumnReader reader = table.columnReader(column)) {
            for (int row = 0; reader.nextBatch(); ) {
                byte[][] values = reader.getBinaries();
                for (int i = 0; i < reader.getRecordCount(); i++) {
                    texts[row++] = isNull(reader, i) ? null : PathText.decoded(values[i]);
                }
            }
        }
        return texts;
    }

    private long[] numbers(String column) {
        long[] numbers = new long[rows];
        Arrays.fill(numbers, NO_NUMBER);
        boolean narrow = table.getFileSchema().getColumn(column).type() == PhysicalType.INT32;
        try (ColumnReader reader = table.columnReader(column)) {
            for (int row = 0; reader.nextBatch(); ) {
                long[] values =
                        narrow ? Arrays.stream(reader.getInts()).asLongStream().toArray() : reader.getLongs();
                for (int i = 0; i < reader.getRecordCount(); i++, row++) {
                    numbers[row] = isNull(reader, i) ? NO_NUMBER : Math.max(NO_NUMBER, values[i]);
                }
            }
        }
        return numbers;
    }

    /// A value in structs is there where they are.
    private static boolean isNull(ColumnReader reader, int row) {
        for (int layer = 0; layer < reader.getLayerCount(); layer++) {
            if (reader.getLayerValidity(layer).isNull(row)) {
                return true;
            }
        }
        return reader.getLeafValidity().isNull(row);
    }
}
