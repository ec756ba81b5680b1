package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Pieces of memory that libraries which count in 32 bits can take.
final class Slices {
    private Slices() {}

    /// @param piece most bytes of a slice
    static List<MemorySegment> of(MemorySegment memory, long piece) {
        var slices = new ArrayList<MemorySegment>();
        for (var at = 0L; at < memory.byteSize(); at += piece) {
            slices.add(memory.asSlice(at, Math.min(piece, memory.byteSize() - at)));
        }
        return slices;
    }

    /// Neighbors in memory, as long as it is said.
    static List<MemorySegment> parts(MemorySegment all, long[] bytes) {
        var parts = new ArrayList<MemorySegment>();
        var place = 0L;
        for (var count : bytes) {
            parts.add(all.asSlice(place, count));
            place += count;
        }
        return parts;
    }

    /// @throws IllegalArgumentException unless the parts fit
    static void requireParts(MemorySegment mine, MemorySegment all, long[] bytes, Ranks ranks) {
        if (bytes.length != ranks.size()
                || bytes[ranks.rank()] != mine.byteSize()
                || Arrays.stream(bytes).sum() != all.byteSize()) {
            throw new IllegalArgumentException(Text.format(
                    "rank %d of %d has %d bytes for %d of all, and they say %s",
                    ranks.rank(), ranks.size(), mine.byteSize(), all.byteSize(), Arrays.toString(bytes)));
        }
    }
}
