package dev.lejepa.trainer.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// A fixed number of threads that share numbered pieces of work. Pieces must not depend on each other, and each
/// writes only what is its own: which thread does which is open.
final class Workers implements AutoCloseable {
    private final int threads;
    private final ExecutorService pool;

    Workers(int threads) {
        this.threads = Math.max(1, threads);
        this.pool = Executors.newFixedThreadPool(
                this.threads, Thread.ofPlatform().daemon().name("eval-", 0).factory());
    }

    /// Runs `work` once for each number below `pieces` and returns when all are done.
    void each(int pieces, IntConsumer work) {
        if (threads == 1 || pieces <= 1) {
            for (int piece = 0; piece < pieces; piece++) {
                work.accept(piece);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < Math.min(threads, pieces); t++) {
            running.add(pool.submit(() -> {
                for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                    work.accept(piece);
                }
            }));
        }
        running.forEach(Workers::await);
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a piece of an evaluation failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during an evaluation", e);
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
