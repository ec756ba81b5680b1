package dev.lejepa.trainer.parquet;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The blocks that were used last, outside of the Java heap. Shared by many threads: what one of them loads others wait
/// for. Blocks in use are kept whatever room they take; of the others those used longest ago go first.
final class BlockCache implements AutoCloseable {
    /// Reads a block.
    @FunctionalInterface
    interface Loader {
        /// @param arena has the memory of the result
        MemorySegment load(int block, Arena arena) throws IOException;
    }

    /// A block that a thread uses until it closes this.
    final class Lease implements AutoCloseable {
        private final Entry entry;
        private final MemorySegment bytes;

        private Lease(Entry entry, MemorySegment bytes) {
            this.entry = entry;
            this.bytes = bytes;
        }

        MemorySegment bytes() {
            return bytes;
        }

        @Override
        public void close() {
            leave(entry);
        }
    }

    private static final class Entry {
        final Arena arena = Arena.ofShared();
        final CompletableFuture<MemorySegment> bytes = new CompletableFuture<>();
        int users;
        boolean dropped;
    }

    private final Loader loader;
    private final long room;
    /// By the time of their last use, longest ago first.
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /// @param room bytes of blocks that are kept
    BlockCache(Loader loader, long room) {
        this.loader = loader;
        this.room = room;
    }

    /// A block, read unless it is there.
    ///
    /// @throws IOException if it cannot be read
    Lease lease(int block) throws IOException {
        boolean first;
        Entry entry;
        synchronized (this) {
            first = !entries.containsKey(block);
            entry = entries.computeIfAbsent(block, _ -> new Entry());
            entry.users++;
        }
        if (first) {
            load(block, entry);
        }
        try {
            return new Lease(entry, entry.bytes.join());
        } catch (CompletionException e) {
            leave(entry);
            switch (e.getCause()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case IOException fault -> throw new IOException(fault.getMessage(), fault);
                case null, default -> throw e;
            }
        }
    }

    private void load(int block, Entry entry) {
        try {
            entry.bytes.complete(loader.load(block, entry.arena));
        } catch (IOException | RuntimeException | Error e) { // whoever waits for it must hear of it
            synchronized (this) {
                entries.remove(block, entry);
                entry.dropped = true;
            }
            entry.bytes.completeExceptionally(e);
        }
        shrink();
    }

    private synchronized void leave(Entry entry) {
        entry.users--;
        closeIfUnused(entry);
    }

    private synchronized void shrink() {
        long kept = entries.values().stream().mapToLong(BlockCache::size).sum();
        var oldest = entries.values().iterator();
        while (kept > room && oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.users == 0) {
                kept -= size(entry);
                drop(entry);
                oldest.remove();
            }
        }
    }

    private static long size(Entry entry) {
        return entry.bytes.isDone() ? entry.bytes.join().byteSize() : 0;
    }

    private static void drop(Entry entry) {
        entry.dropped = true;
        closeIfUnused(entry);
    }

    private static void closeIfUnused(Entry entry) {
        if (entry.dropped && entry.users == 0) {
            entry.arena.close();
        }
    }

    /// Gives all memory back; blocks in use go when they are left.
    @Override
    public synchronized void close() {
        entries.values().forEach(BlockCache::drop);
        entries.clear();
    }
}
