package dev.lejepa.trainer.shards;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The fixed part of what an index holds of each image, 40 bytes, little-endian.
final class IndexEntry {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LONG.withName("place"),
            LONG.withName("nameEnd"),
            INT.withName("length"),
            INT.withName("shard"),
            INT.withName("label"),
            INT.withName("width"),
            INT.withName("height"),
            INT.withName("seen"));

    static final long BYTES = LAYOUT.byteSize();

    /// A field that is a `long`.
    enum Long64 {
        /// Where the image lies in its shard.
        PLACE("place"),
        /// One above the last byte of its name among all names.
        NAME_END("nameEnd");

        private final long offset;

        Long64(String name) {
            offset = LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement(name));
        }

        long get(MemorySegment entries, int image) {
            return entries.get(LONG, image * BYTES + offset);
        }

        void set(MemorySegment entries, int image, long value) {
            entries.set(LONG, image * BYTES + offset, value);
        }
    }

    /// A field that is an `int`.
    enum Int32 {
        /// Bytes of the image.
        LENGTH("length"),
        SHARD("shard"),
        LABEL("label"),
        /// Columns and rows of the upright picture.
        WIDTH("width"),
        HEIGHT("height"),
        /// The number of an [dev.lejepa.trainer.image.ImageFormat]; [#UNREADABLE]; or [#FAULT] less the number of a
        /// fault.
        SEEN("seen");

        private final long offset;

        Int32(String name) {
            offset = LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement(name));
        }

        int get(MemorySegment entries, int image) {
            return entries.get(INT, image * BYTES + offset);
        }

        void set(MemorySegment entries, int image, int value) {
            entries.set(INT, image * BYTES + offset, value);
        }
    }

    static final int UNREADABLE = -1;
    static final int FAULT = -2;

    private IndexEntry() {}
}
