package dev.lejepa.graphs.safetensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Where the bytes of a tensor come from when it is written.
public sealed interface TensorData {

    /// Bytes that are in memory already, little-endian, as long as the tensor.
    record Resident(MemorySegment bytes) implements TensorData {}

    /// Bytes made piece by piece while they are written, so that a large file needs little memory.
    record Generated(Filler filler) implements TensorData {}

    /// Makes any piece of a tensor, in any order and on several threads at once.
    @FunctionalInterface
    interface Filler {
        /// Fills `piece` with the elements from `first` on. Native memory, 8-byte aligned.
        ///
        /// @param piece bytes of whole elements, little-endian
        /// @param first index of the piece's first element in the flat tensor
        void fill(MemorySegment piece, long first) throws IOException;
    }
}
