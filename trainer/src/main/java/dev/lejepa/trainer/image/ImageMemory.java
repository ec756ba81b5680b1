package dev.lejepa.trainer.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;

/// The room outside of the Java heap that the large images of all threads share, so that whether an image can be read
/// does not depend on the heap. A thread waits for its part of it; an image larger than the whole room gets all of it
/// to itself.
public final class ImageMemory {
    /// Pixels of images up to 16 megapixels stay in the heap, in arrays that are used again; in a small heap, which has
    /// many such arrays, fewer.
    private static final long HEAP_BYTES =
            Math.min(48L << 20, Runtime.getRuntime().maxMemory() / 32);

    private static final int ROOM_MIB = 512;
    private static final int MIB_BITS = 20;

    private final long heapBytes;
    // fair: an image that needs all the room is not kept waiting by small ones
    private final Semaphore room = new Semaphore(ROOM_MIB, true);

    /// Room for half a gigabyte of pixels.
    public ImageMemory() {
        this(HEAP_BYTES);
    }

    /// @param heapBytes images whose pixels take more lie outside of the heap
    ImageMemory(long heapBytes) {
        this.heapBytes = heapBytes;
    }

    boolean inHeap(long bytes) {
        return bytes <= heapBytes;
    }

    /// Waits until there is room.
    ///
    /// @throws OutOfMemoryError if the machine has none
    Block take(long bytes) {
        int mebibytes = (int) Math.min(ROOM_MIB, (bytes >> MIB_BITS) + 1);
        room.acquireUninterruptibly(mebibytes);
        Arena arena = Arena.ofShared();
        try {
            return new Block(arena, arena.allocate(bytes), mebibytes);
        } catch (OutOfMemoryError e) {
            arena.close();
            room.release(mebibytes);
            throw e;
        }
    }

    /// Memory in use, until it is closed.
    final class Block implements AutoCloseable {
        private final Arena arena;
        private final MemorySegment segment;
        private final int mebibytes;

        private Block(Arena arena, MemorySegment segment, int mebibytes) {
            this.arena = arena;
            this.segment = segment;
            this.mebibytes = mebibytes;
        }

        MemorySegment segment() {
            return segment;
        }

        @Override
        public void close() {
            arena.close();
            room.release(mebibytes);
        }
    }
}
