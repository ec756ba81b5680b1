package dev.lejepa.trainer.parquet;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/// What stands before each page of a column.
///
/// @param values that the page holds, nulls among them
/// @param encoding Parquet's number of how values are written
/// @param stored bytes of the page as it lies in the file
/// @param unpacked bytes of the page when it is decompressed
/// @param levels bytes of definition levels that stand in front, not compressed; nothing where a page has them
///     inside, with their length before them (version 1)
/// @param compressed whether the values are
/// @param crc CRC-32 of the stored bytes, where the writer gave one
/// @param length bytes of this header
record PageHeader(
        Kind kind,
        int values,
        int encoding,
        int stored,
        int unpacked,
        OptionalInt levels,
        boolean compressed,
        OptionalInt crc,
        int length) {
    static final int PLAIN = 0;
    static final int PLAIN_DICTIONARY = 2;
    static final int RLE_DICTIONARY = 8;

    /// What a page is of.
    enum Kind {
        DATA,
        DICTIONARY,
        /// An index, or what later versions bring: not needed to read values.
        OTHER
    }

    /// Reads the header at the beginning of `bytes`; nothing where there is none that makes sense.
    ///
    /// @throws java.nio.BufferUnderflowException if it is longer than the bytes that are there
    static Optional<PageHeader> parse(ByteBuffer bytes) {
        var fields = new Fields();
        int begin = bytes.position();
        try {
            fields.read(new ThriftReader(bytes));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
        return fields.header(bytes.position() - begin);
    }

    boolean isDictionaryEncoded() {
        return encoding == PLAIN_DICTIONARY || encoding == RLE_DICTIONARY;
    }

    /// A header while it is read.
    private static final class Fields {
        private int type = -1;
        private int unpacked = -1;
        private int stored = -1;
        private OptionalInt crc = OptionalInt.empty();
        private int values = -1;
        private int encoding = -1;
        private int definitionBytes = -1;
        private int repetitionBytes;
        private boolean compressed = true;

        void read(ThriftReader in) {
            in.struct((id, _) -> {
                switch (id) {
                    case 1 -> type = in.whole();
                    case 2 -> unpacked = in.whole();
                    case 3 -> stored = in.whole();
                    case 4 -> crc = OptionalInt.of(in.whole());
                    case 5, 7 -> in.struct((inner, _) -> plain(in, inner));
                    case 8 -> in.struct((inner, kind) -> second(in, inner, kind));
                    default -> {
                        return false;
                    }
                }
                return true;
            });
        }

        /// A field of a dictionary's or of a page of version 1.
        private boolean plain(ThriftReader in, int id) {
            switch (id) {
                case 1 -> values = in.whole();
                case 2 -> encoding = in.whole();
                default -> {
                    return false;
                }
            }
            return true;
        }

        /// A field of a page of version 2.
        private boolean second(ThriftReader in, int id, int kind) {
            switch (id) {
                case 1 -> values = in.whole();
                case 4 -> encoding = in.whole();
                case 5 -> definitionBytes = in.whole();
                case 6 -> repetitionBytes = in.whole();
                case 7 -> compressed = ThriftReader.truth(kind);
                default -> {
                    return false;
                }
            }
            return true;
        }

        Optional<PageHeader> header(int length) {
            boolean second = type == 3;
            boolean whole = stored >= 0
                    && unpacked >= 0
                    && type >= 0
                    && (kind() == Kind.OTHER || values >= 0 && encoding >= 0)
                    && (!second || definitionBytes >= 0 && repetitionBytes == 0 && definitionBytes <= stored);
            return whole
                    ? Optional.of(new PageHeader(
                            kind(),
                            values,
                            encoding,
                            stored,
                            unpacked,
                            second ? OptionalInt.of(definitionBytes) : OptionalInt.empty(),
                            compressed,
                            crc,
                            length))
                    : Optional.empty();
        }

        private Kind kind() {
            return switch (type) {
                case 0, 3 -> Kind.DATA;
                case 2 -> Kind.DICTIONARY;
                default -> Kind.OTHER;
            };
        }
    }
}
