package dev.lejepa.trainer.parquet;

/// Rows of a table whose images lie in one chunk of its file.
///
/// @param firstRow number of its first row in the file
/// @param rows how many
/// @param begin the chunk's first byte
/// @param end one past its last byte
/// @param codec of its pages
record RowGroup(long firstRow, int rows, long begin, long end, PageCodec codec) {}
