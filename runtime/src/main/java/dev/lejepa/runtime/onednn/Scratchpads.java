package dev.lejepa.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Memory that primitives need while they compute, one piece for each thread: as large as the largest asks for, and
/// still in the thread's cache when the next one comes.
final class Scratchpads implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private record Scratchpad(Arena arena, MemorySegment memory) {}

    private final Map<Thread, Scratchpad> all = new ConcurrentHashMap<>();

    /// Address of this thread's memory; what was there before is lost.
    long ofThisThread(long bytes) {
        return all.compute(
                        Thread.currentThread(),
                        (_, old) -> old == null || old.memory.byteSize() < bytes ? grown(old, bytes) : old)
                .memory
                .address();
    }

    private static Scratchpad grown(@Nullable Scratchpad old, long bytes) {
        var arena = Arena.ofShared();
        try {
            var grown = new Scratchpad(arena, arena.allocate(bytes, ALIGNMENT));
            if (old != null) {
                old.arena.close(); // not before: where there is no memory, the thread keeps what it had
            }
            return grown;
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void close() {
        all.values().forEach(s -> s.arena.close());
        all.clear();
    }
}
