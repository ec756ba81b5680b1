package dev.lejepa.trainer.parquet;

import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a table's footer says of its images.
///
/// @param columns where images, labels and names are
/// @param groups in the order of the file
/// @param classes class names by number, as Hugging Face's metadata has them; empty without
record TableFacts(Path file, TableColumns columns, List<RowGroup> groups, List<String> classes) {
    TableFacts {
        groups = List.copyOf(groups);
        classes = List.copyOf(classes);
    }

    /// Reads the facts of an open file.
    ///
    /// @throws BadInputException if it has no images, or in a form that is not read
    static TableFacts of(Path file, ParquetFileReader table, ColumnChoice choice) {
        var columns = TableColumns.find(file, table.getFileSchema(), choice);
        var footer = table.getFileMetaData();
        var classes = columns.label()
                .map(label -> FeatureNames.of(file, footer.keyValueMetadata().get("huggingface"), label))
                .orElse(List.of());
        return new TableFacts(file, columns, groups(file, footer, columns.image()), classes);
    }

    /// The number of rows.
    int rows() {
        return Math.toIntExact(groups.stream().mapToLong(RowGroup::rows).sum());
    }

    /// The group that a byte of the file belongs to.
    Optional<RowGroup> groupAt(long offset) {
        return groups.stream()
                .filter(group -> group.begin() <= offset && offset < group.end())
                .findFirst();
    }

    private static List<RowGroup> groups(Path file, FileMetaData footer, ColumnSchema image) {
        var groups = new ArrayList<RowGroup>();
        var row = 0L;
        for (var group : footer.rowGroups()) {
            var chunk = group.columns().get(image.columnIndex());
            var begin = chunk.chunkStartOffset();
            var end = begin + chunk.metaData().totalCompressedSize();
            if (group.numRows() < 0 || row + group.numRows() > Integer.MAX_VALUE) {
                throw new BadInputException(Text.format(
                        "%s: has more rows than can be counted, expected fewer than 2^31", PathText.shown(file)));
            }
            groups.add(new RowGroup(
                    row,
                    (int) group.numRows(),
                    begin,
                    end,
                    codec(file, chunk.metaData().codec())));
            row += group.numRows();
        }
        return groups;
    }

    private static PageCodec codec(Path file, CompressionCodec codec) {
        return switch (codec) {
            case UNCOMPRESSED -> PageCodec.UNCOMPRESSED;
            case SNAPPY -> PageCodec.SNAPPY;
            case GZIP -> PageCodec.GZIP;
            case ZSTD -> PageCodec.ZSTD;
            case LZO, BROTLI, LZ4, LZ4_RAW ->
                throw new BadInputException(Text.format(
                        "%s: its images are compressed by %s, expected SNAPPY, ZSTD, GZIP or UNCOMPRESSED",
                        PathText.shown(file), codec));
        };
    }
}
