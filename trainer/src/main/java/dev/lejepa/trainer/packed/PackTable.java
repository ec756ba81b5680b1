package dev.lejepa.trainer.packed;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Rows of 32 bytes, one an image.
///
/// @param rows int64 first byte, int32 length, CRC-32C, label, width, height, and the end of its name among all names
record PackTable(MemorySegment rows) {
    static final int ROW = 32;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What a row says.
    ///
    /// @param offset of the image's first byte in the file
    /// @param crc CRC-32C of its bytes
    /// @param width of the upright picture
    /// @param nameEnd one past its name's last byte
    record Row(long offset, int length, int crc, int label, int width, int height, int nameEnd) {}

    void put(int image, Row row) {
        long at = (long) image * ROW;
        rows.set(LONG, at, row.offset);
        rows.set(INT, at + 8, row.length);
        rows.set(INT, at + 12, row.crc);
        rows.set(INT, at + 16, row.label);
        rows.set(INT, at + 20, row.width);
        rows.set(INT, at + 24, row.height);
        rows.set(INT, at + 28, row.nameEnd);
    }

    Row get(int image) {
        long at = (long) image * ROW;
        return new Row(
                rows.get(LONG, at),
                rows.get(INT, at + 8),
                rows.get(INT, at + 12),
                rows.get(INT, at + 16),
                rows.get(INT, at + 20),
                rows.get(INT, at + 24),
                rows.get(INT, at + 28));
    }
}
