package dev.lejepa.trainer.packed;

import dev.lejepa.graphs.PathText;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The texts of a packed file.
///
/// @param names the images' names without gaps
record PackTexts(List<String> classes, MemorySegment names) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// @param texts class names, each behind its length, then the names
    /// @throws IndexOutOfBoundsException if a length leads out of it
    static PackTexts of(MemorySegment texts, int count) {
        List<String> classes = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < count; i++) {
            int length = texts.get(INT, at);
            at += Integer.BYTES;
            classes.add(text(texts.asSlice(at, length)));
            at += length;
        }
        return new PackTexts(List.copyOf(classes), texts.asSlice(at));
    }

    Path name(int begin, int end) {
        return PathText.path(text(names.asSlice(begin, end - begin)));
    }

    private static String text(MemorySegment bytes) {
        return PathText.decoded(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
