package dev.lejepa.runtime.collective;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Something between processes that was begun, in one or several parts.
final class Pending implements Reduction {
    /// Begins a part: a call that fills its request.
    @FunctionalInterface
    interface Part {
        void begin(MemorySegment request);
    }

    private final String what;
    /// Kept, since they hold the memory that MPI reads and writes.
    private final List<Part> parts;
    private final MemorySegment requests;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable UncheckedIOException failure;
    private final long begin = System.nanoTime();
    private int tested;

    /// @param what it is, for a person
    Pending(String what, List<Part> parts) {
        this.what = what;
        this.parts = parts;
        this.requests = Arena.ofAuto().allocate(Math.max(1, parts.size()) * Mpi.REQUEST_BYTES, Mpi.REQUEST_BYTES);
    }

    String what() {
        return what;
    }

    /// When it was begun, as [System#nanoTime] counts.
    long begin() {
        return begin;
    }

    void start() {
        for (var i = 0; i < parts.size(); i++) {
            parts.get(i).begin(request(i));
        }
    }

    private MemorySegment request(int part) {
        return requests.asSlice(part * Mpi.REQUEST_BYTES, Mpi.REQUEST_BYTES);
    }

    /// Goes on with it; true if it is done.
    boolean test(Mpi mpi) {
        while (tested < parts.size()) {
            if (!mpi.isDone(request(tested))) {
                return false;
            }
            tested++;
        }
        ended.countDown();
        return true;
    }

    void fail(UncheckedIOException reason) {
        failure = reason;
        ended.countDown();
    }

    @Override
    public void await() {
        awaitEnd();
        if (failure != null) {
            throw new UncheckedIOException(String.valueOf(failure.getMessage()), new IOException(failure));
        }
    }

    /// Not to be interrupted: memory that is given away early is written to later.
    private void awaitEnd() {
        var interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
