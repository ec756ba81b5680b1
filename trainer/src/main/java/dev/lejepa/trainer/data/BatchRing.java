package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Prepares numbered batches ahead of one consumer. Worker threads take rows in order, whole batches one after another,
/// and sleep while all buffers are full; a row's contents are a function of its number, so the number of threads only
/// decides when it is ready. At most as many batches as there are buffers may be open at a time.
final class BatchRing implements AutoCloseable {
    /// Prepares rows on one thread.
    @FunctionalInterface
    interface RowWriter {
        /// Fills a row of a batch; notes the file that it reads before it does.
        ///
        /// @return whether the row holds an image
        boolean write(long number, int row, BatchBuffers into);
    }

    /// The place of batch `number` in the ring: who may touch its buffers.
    private static final class Slot {
        final BatchBuffers buffers;
        long number = FREE;
        int unfinished;

        Slot(BatchBuffers buffers) {
            this.buffers = buffers;
        }
    }

    /// What a worker's present row is waited for when the ring is closed, in milliseconds: an image may be large or its
    /// disk slow.
    private static final long CLOSING = 1000;

    /// Between two questions whether to stop, in nanoseconds.
    private static final long ASK_EVERY = 50_000_000;

    private static final long FREE = -1;
    private static final long NO_MORE = -1;

    private final ImageSource source;
    private final int rows;
    private final long end;
    private final Arena arena = Arena.ofShared();
    private final List<Slot> slots = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Condition finished = lock.newCondition();
    /// The next row to be prepared, counted over all batches; of those below, the lowest that failed.
    private long nextRow;
    private long failedRow = Long.MAX_VALUE;
    private @Nullable Throwable failure;
    private long nextBatch;
    private boolean closed;
    /// Workers that have not ended.
    private int running;
    /// Starts as many more.
    private IntConsumer starter = _ -> {};
    private WorkerCount count = new WorkerCount(Workers.fixed(1));
    /// What the consumer has waited for the next batch so far.
    private long awaited;
    /// When it got the one before.
    private long handedOut = System.nanoTime();

    /// @param first number of the first batch
    /// @param end one above the number of the last batch
    /// @param depth buffers: batches prepared ahead, and the open one
    BatchRing(ImageSource source, int rows, List<ViewGroup> groups, long first, long end, int depth) {
        this.source = source;
        this.rows = rows;
        this.end = end;
        this.nextBatch = first;
        this.nextRow = first * rows;
        for (int i = 0; i < depth; i++) {
            slots.add(new Slot(new BatchBuffers(arena, rows, groups)));
        }
    }

    /// Starts the threads; each has a writer of its own.
    void start(String name, Workers threads, Supplier<RowWriter> writers) {
        starter = more -> start(name, more, writers);
        count = new WorkerCount(threads);
        starter.accept(threads.first());
    }

    private void start(String name, int threads, Supplier<RowWriter> writers) {
        List<RowWriter> made = Stream.generate(writers).limit(threads).toList();
        lock.lock();
        try {
            running += made.size();
        } finally {
            lock.unlock();
        }
        for (RowWriter writer : made) {
            // daemons: a consumer that dies without closing must not keep the process alive
            String thread = name + "-" + workers.size();
            workers.add(Thread.ofPlatform().daemon().name(thread).start(() -> work(writer)));
        }
    }

    boolean hasNext() {
        return nextBatch < end;
    }

    /// Waits until the next batch is ready, or has failed and [#next] tells why.
    ///
    /// @param stop asked meanwhile
    /// @return false if that said so before
    boolean await(BooleanSupplier stop) throws InterruptedException {
        Slot slot = slot(nextBatch);
        long start = System.nanoTime();
        lock.lockInterruptibly();
        try {
            while (!closed && !failed() && (slot.number != nextBatch || slot.unfinished > 0)) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                finished.awaitNanos(ASK_EVERY);
            }
            return true;
        } finally {
            lock.unlock();
            awaited += System.nanoTime() - start;
        }
    }

    /// The next batch, when it is ready.
    Batch next() throws InterruptedException {
        if (!hasNext()) {
            throw new IllegalStateException(Text.format("there is no batch %d", nextBatch));
        }
        long start = System.nanoTime();
        Slot slot = slot(nextBatch);
        lock.lockInterruptibly();
        try {
            requireOpen();
            while (slot.number != nextBatch || slot.unfinished > 0) {
                requireNoFailure();
                finished.await();
                requireOpen();
            }
        } finally {
            lock.unlock();
        }
        long now = System.nanoTime();
        long waited = awaited + now - start;
        starter.accept(count.more(waited, now - handedOut - waited));
        awaited = 0;
        handedOut = now;
        return new Batch(slot.buffers, source, nextBatch++, slot.buffers.compact(), waited, () -> release(slot));
    }

    /// Ends the threads, which the last of them to finish its present row follows by freeing the memory, that of open
    /// batches too. Waits for that, but no longer than a second.
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            freed.signalAll();
            finished.signalAll();
            if (running == 0) {
                arena.close();
            }
        } finally {
            lock.unlock();
        }
        joinAll();
    }

    private void joinAll() {
        long deadline = System.nanoTime() + Duration.ofMillis(CLOSING).toNanos();
        try {
            for (Thread worker : workers) {
                worker.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the threads end without being waited for
        }
    }

    private Slot slot(long number) {
        return slots.get((int) (number % slots.size()));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the loader is closed");
        }
    }

    /// A failure concerns the consumer when it comes to the batch that failed; those before it are good.
    private void requireNoFailure() {
        if (failed()) {
            switch (Objects.requireNonNull(failure)) {
                case BadInputException bad -> throw bad;
                case Error error -> throw error;
                default ->
                    throw new IllegalStateException(
                            Text.format("batch %d: cannot prepare %s: %s", nextBatch, failedFile(), failure), failure);
            }
        }
    }

    private boolean failed() {
        return failure != null && failedRow / rows <= nextBatch;
    }

    private Path failedFile() {
        return source.path(slot(nextBatch).buffers.sources[(int) (failedRow % rows)]);
    }

    private void work(RowWriter writer) {
        try {
            prepare(writer);
        } finally {
            leave();
        }
    }

    /// Whoever is the last to leave a closed ring frees its memory.
    private void leave() {
        lock.lock();
        try {
            running--;
            if (running == 0 && closed) {
                arena.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private void prepare(RowWriter writer) {
        for (long row = claim(); row != NO_MORE; row = claim()) {
            Slot slot = slot(row / rows);
            try {
                int within = (int) (row % rows);
                slot.buffers.present[within] = writer.write(row / rows, within, slot.buffers);
                finish(slot);
            } catch (RuntimeException | Error e) {
                // the end of the thread: whatever it is, the consumer must hear of it instead of waiting forever
                fail(row, e);
            }
        }
    }

    /// The next row to prepare, once there is a buffer for it.
    private long claim() {
        lock.lock();
        try {
            while (!closed && failure == null && nextRow / rows < end) {
                long number = nextRow / rows;
                Slot slot = slot(number);
                if (slot.number == FREE) {
                    slot.number = number;
                    slot.unfinished = rows;
                    slot.buffers.begin();
                }
                if (slot.number == number) {
                    return nextRow++;
                }
                freed.awaitUninterruptibly();
            }
            return NO_MORE;
        } finally {
            lock.unlock();
        }
    }

    private void finish(Slot slot) {
        lock.lock();
        try {
            if (--slot.unfinished == 0) {
                finished.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(long row, Throwable e) {
        lock.lock();
        try {
            if (row < failedRow) {
                failedRow = row;
                failure = e;
            }
            freed.signalAll();
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release(Slot slot) {
        lock.lock();
        try {
            slot.number = FREE;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
