package dev.lejepa.trainer.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// The memory of one batch, used again for later ones. Rows are written by many threads, each its own; the ring's lock
/// orders them before the consumer.
final class BatchBuffers {
    /// Cache lines, and what vector instructions like.
    private static final int ALIGNMENT = 64;

    final List<ViewGroup> groups;
    /// Per group `[rows * V]` views, such as bytes `[3, size, size]`; row `n * V + v`.
    final List<MemorySegment> views;
    final long[] labels;
    /// The image whose place each row is, or what stands for it where it comes again.
    final int[] images;
    /// The image that was read: another one where that is broken.
    final int[] sources;
    final boolean[] present;

    BatchBuffers(Arena arena, int rows, List<ViewGroup> groups) {
        this.groups = List.copyOf(groups);
        this.views = groups.stream()
                .map(group -> arena.allocate((long) rows * group.count() * group.bytes(), ALIGNMENT))
                .toList();
        this.labels = new long[rows];
        this.images = new int[rows];
        this.sources = new int[rows];
        this.present = new boolean[rows];
    }

    int rows() {
        return labels.length;
    }

    /// The memory of all views of a row.
    MemorySegment row(int group, int row) {
        long bytes = groups.get(group).count() * groups.get(group).bytes();
        return views.get(group).asSlice(row * bytes, bytes);
    }

    /// The memory of one view.
    MemorySegment view(int group, int row, int view) {
        long bytes = groups.get(group).bytes();
        return row(group, row).asSlice(view * bytes, bytes);
    }

    /// Moves the rows that are present to the front, in their order, and zeroes the rest.
    ///
    /// @return how many are present
    int compact() {
        int valid = 0;
        for (int row = 0; row < rows(); row++) {
            if (present[row]) {
                if (row != valid) {
                    move(row, valid);
                }
                valid++;
            }
        }
        for (int row = valid; row < rows(); row++) {
            clear(row);
        }
        return valid;
    }

    private void move(int from, int to) {
        for (int group = 0; group < groups.size(); group++) {
            row(group, to).copyFrom(row(group, from));
        }
        labels[to] = labels[from];
        images[to] = images[from];
        sources[to] = sources[from];
    }

    private void clear(int row) {
        for (int group = 0; group < groups.size(); group++) {
            row(group, row).fill((byte) 0);
        }
        labels[row] = 0;
        images[row] = 0;
        sources[row] = 0;
    }

    void begin() {
        Arrays.fill(present, false);
    }
}
