package dev.lejepa.trainer.packed;

import dev.lejepa.trainer.image.ImageFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// Rows of 36 bytes, one an image.
///
/// @param rows int64 first byte, int32 length, CRC-32C, label, width, height, the
///     end of its name among all names, and the number of its format
record PackTable(MemorySegment rows) {
    static final int ROW = 36;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What a row says.
    ///
    /// @param offset of the image's first byte in the file
    /// @param crc CRC-32C of its bytes
    /// @param width of the upright picture
    /// @param height of the upright picture
    /// @param nameEnd one past its name's last byte
    /// @param format of its file; nothing where its pixels lie bare
    record Row(
            long offset,
            int length,
            int crc,
            int label,
            int width,
            int height,
            int nameEnd,
            Optional<ImageFormat> format) {}

    /// The number of a format in files, which does not depend on how the formats are sorted here.
    private static int number(ImageFormat format) {
        return switch (format) {
            case JPEG -> 1;
            case PNG -> 2;
            case WEBP -> 3;
            case BMP -> 4;
            case GIF -> 5;
            case PNM -> 6;
            case TIFF -> 7;
            case AVIF -> 8;
            case HEIC -> 9;
            case JPEG_XL -> 10;
        };
    }

    private static Optional<ImageFormat> format(int number) {
        return Arrays.stream(ImageFormat.values())
                .filter(format -> number(format) == number)
                .findFirst();
    }

    void put(int image, Row row) {
        long at = (long) image * ROW;
        rows.set(LONG, at, row.offset);
        rows.set(INT, at + 8, row.length);
        rows.set(INT, at + 12, row.crc);
        rows.set(INT, at + 16, row.label);
        rows.set(INT, at + 20, row.width);
        rows.set(INT, at + 24, row.height);
        rows.set(INT, at + 28, row.nameEnd);
        rows.set(INT, at + 32, row.format.map(PackTable::number).orElse(0));
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
                rows.get(INT, at + 28),
                format(rows.get(INT, at + 32)));
    }
}
