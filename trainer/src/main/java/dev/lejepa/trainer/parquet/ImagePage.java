package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Encoded images of some rows that follow each other.
///
/// @param values where the images lie
/// @param starts first byte of each row's image
/// @param lengths bytes of each row's image, [#NULL] where it has none
record ImagePage(MemorySegment values, int[] starts, int[] lengths) {
    static final int NULL = -1;

    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    int rows() {
        return lengths.length;
    }

    /// The image of a row, which has one.
    MemorySegment image(int row) {
        return values.asSlice(starts[row], lengths[row]);
    }

    /// Images one after another, each behind its length.
    ///
    /// @param present whether each row has one
    /// @throws IOException if they reach beyond the end
    static ImagePage plain(MemorySegment values, boolean[] present) throws IOException {
        int[] starts = new int[present.length];
        int[] lengths = new int[present.length];
        long at = 0;
        for (int row = 0; row < present.length; row++) {
            lengths[row] = NULL;
            if (present[row]) {
                requireWithin(values, at, Integer.BYTES);
                int length = values.get(LENGTH, at);
                at += Integer.BYTES;
                requireWithin(values, at, length);
                starts[row] = (int) at;
                lengths[row] = length;
                at += length;
            }
        }
        return new ImagePage(values, starts, lengths);
    }

    /// Images that a dictionary has, by their places in it.
    ///
    /// @param places one for each row that has an image
    /// @throws IOException if the dictionary has fewer
    static ImagePage of(ImagePage dictionary, int[] places, boolean[] present) throws IOException {
        int[] starts = new int[present.length];
        int[] lengths = new int[present.length];
        int next = 0;
        for (int row = 0; row < present.length; row++) {
            lengths[row] = NULL;
            if (present[row]) {
                int place = places[next++];
                if (place < 0 || place >= dictionary.rows()) {
                    throw new IOException(
                            Text.format("wants value %d of a dictionary of %d", place, dictionary.rows()));
                }
                starts[row] = dictionary.starts[place];
                lengths[row] = dictionary.lengths[place];
            }
        }
        return new ImagePage(dictionary.values, starts, lengths);
    }

    private static void requireWithin(MemorySegment values, long at, long count) throws IOException {
        if (count < 0 || at + count > values.byteSize()) {
            throw new IOException("its values reach beyond its end");
        }
    }
}
