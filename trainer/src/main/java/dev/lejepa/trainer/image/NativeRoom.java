package dev.lejepa.trainer.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Room outside of the heap that is used again by one thread. Memory that the system has just given is slow to write to.
final class NativeRoom {
    private MemorySegment room = MemorySegment.NULL;

    /// Room for so many bytes, with anything in them, until the next call.
    MemorySegment of(long bytes) {
        if (room.byteSize() < bytes) {
            room = Arena.ofAuto().allocate(bytes);
        }
        return room.asSlice(0, bytes);
    }
}
