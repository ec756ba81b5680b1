package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A thread that moves on what was begun between processes while others compute. MPI does most of its work when it is
/// asked how far it is; asking without pause would take a core from those who compute, so the thread asks less often
/// the longer nothing happens.
final class Progress implements AutoCloseable {
    private static final long BRISK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /// A question that took so long did something.
    private static final long WORK_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private final Mpi mpi;
    private final Patience patience;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("lejepa-ranks").unstarted(this::run);
    private boolean closed;
    private volatile long lastNews;

    /// @param notes where a person is told of long waits
    Progress(Mpi mpi, Consumer<String> notes) {
        this.mpi = mpi;
        this.patience = new Patience(Text.format("rank %d of %d", mpi.rank(), mpi.size()), notes);
        thread.start();
    }

    /// Begins something.
    ///
    /// @param what it is, for a person who waits for it
    Pending begin(String what, List<Pending.Part> parts) {
        var one = new Pending(what, parts);
        synchronized (pending) {
            one.start();
            pending.add(one);
            lastNews = System.nanoTime();
            pending.notifyAll();
        }
        return one;
    }

    private void run() {
        for (var head = next(); head != null; head = next()) {
            while (!attempt(head)) {
                var now = System.nanoTime();
                patience.waitingFor(head.what(), head.begin(), now);
                pause(now - lastNews);
            }
            lastNews = System.nanoTime();
            synchronized (pending) {
                pending.remove();
            }
        }
    }

    /// The oldest that is not done; null when all is over.
    private @Nullable Pending next() {
        synchronized (pending) {
            while (pending.isEmpty() && !closed) {
                try {
                    pending.wait();
                } catch (InterruptedException e) {
                    return null; // nobody does
                }
            }
            return pending.peek();
        }
    }

    private boolean attempt(Pending one) {
        var begin = System.nanoTime();
        try {
            if (one.test(mpi)) {
                return true;
            }
        } catch (UncheckedIOException e) {
            one.fail(e);
            return true;
        } catch (RuntimeException | Error e) { // nobody else would hear of it, and all would wait for ever
            one.fail(new UncheckedIOException(new IOException(e.toString(), e)));
            return true;
        }
        var end = System.nanoTime();
        if (end - begin > WORK_NANOS) {
            lastNews = end;
        }
        return false;
    }

    private static void pause(long quiet) {
        if (quiet < BRISK_NANOS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.min(quiet / 4, LONGEST_SLEEP_NANOS));
        }
    }

    /// What was begun is done before.
    @Override
    public void close() {
        synchronized (pending) {
            closed = true;
            pending.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
