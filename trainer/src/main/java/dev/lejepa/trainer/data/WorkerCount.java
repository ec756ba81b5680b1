package dev.lejepa.trainer.data;

/// Finds by measurement how many threads prepare batches: as few as leave the consumer nothing to wait for. It looks at
/// some batches at a time, and never takes a thread back: one too many sleeps while all buffers are full.
final class WorkerCount {
    /// Batches looked at together.
    static final int WINDOW = 8;

    /// Of the time from batch to batch: what may be waited.
    private static final double TOLERATED = 0.01;

    private final int most;
    private int threads;
    private int batches;
    private long waited;
    private long busy;
    /// Buffers are empty and code is cold: the first batches say nothing.
    private boolean begun;

    WorkerCount(Workers workers) {
        this.threads = workers.first();
        this.most = workers.most();
    }

    /// Takes note of a batch.
    ///
    /// @param waitedNanos what the consumer waited for it
    /// @param busyNanos what it did since the batch before
    /// @return how many threads are to be started
    int more(long waitedNanos, long busyNanos) {
        waited += waitedNanos;
        busy += busyNanos;
        if (++batches < WINDOW) {
            return 0;
        }
        int more = begun && waited > TOLERATED * (waited + busy) ? missing() : 0;
        begun = true;
        threads += more;
        batches = 0;
        waited = 0;
        busy = 0;
        return more;
    }

    /// As many as would prepare a batch while the consumer is busy, if all work alike; at most as many as there are.
    private int missing() {
        double wanted = threads * (double) (waited + busy) / Math.max(1, busy);
        int more = (int) Math.min(threads, Math.ceil(wanted - threads));
        return Math.min(Math.max(1, more), most - threads);
    }
}
