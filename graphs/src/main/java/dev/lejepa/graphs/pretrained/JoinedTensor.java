package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.weights.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A tensor of the model made of one or more of a file, one after another along the first dimension.
///
/// @param shape that the model has
public record JoinedTensor(List<Long> shape, List<StoredTensor> parts) {
    public JoinedTensor {
        shape = List.copyOf(shape);
        parts = List.copyOf(parts);
    }

    static JoinedTensor of(StoredTensor whole) {
        return new JoinedTensor(whole.shape(), List.of(whole));
    }

    /// The parts as they are joined, where they can be: `[d, n]` three times is `[3 d, n]`.
    static JoinedTensor join(List<StoredTensor> parts) {
        var shape = new ArrayList<>(parts.getFirst().shape());
        if (parts.size() > 1 && !shape.isEmpty()) {
            shape.set(
                    0, parts.stream().mapToLong(part -> part.shape().getFirst()).sum());
        }
        return new JoinedTensor(shape, parts);
    }

    /// The same numbers under a shape of as many.
    JoinedTensor as(List<Long> other) {
        return new JoinedTensor(other, parts);
    }

    /// Number of elements.
    public long count() {
        return parts.stream().mapToLong(StoredTensor::count).sum();
    }

    /// The parts as one, copied if there are several.
    StoredTensor whole() {
        if (parts.size() == 1) {
            return parts.getFirst().reshape(shape);
        }
        var values = new float[Math.toIntExact(count())];
        read(0, MemorySegment.ofArray(values));
        return StoredTensor.of(shape, values);
    }

    /// Fills `target` with elements as float32.
    ///
    /// @param first index of the first of them in the flat tensor
    public void read(long first, MemorySegment target) {
        copy(first, target, Float.BYTES, StoredTensor::read);
    }

    /// Fills `target` with elements as int64.
    ///
    /// @param first index of the first of them in the flat tensor
    public void readLongs(long first, MemorySegment target) {
        copy(first, target, Long.BYTES, StoredTensor::readLongs);
    }

    @FunctionalInterface
    private interface Reader {
        void read(StoredTensor part, long first, MemorySegment target);
    }

    private void copy(long first, MemorySegment target, int bytes, Reader reader) {
        long begin = 0; // of a part, in the flat tensor
        long end = first + target.byteSize() / bytes;
        for (StoredTensor part : parts) {
            long from = Math.max(begin, first);
            long to = Math.min(begin + part.count(), end);
            if (from < to) {
                reader.read(part, from - begin, target.asSlice((from - first) * bytes, (to - from) * bytes));
            }
            begin += part.count();
        }
    }
}
