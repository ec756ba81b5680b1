package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import java.util.List;

/// How much a loader may use of the machine; has no influence on what it delivers.
///
/// @param workers threads that prepare batches
/// @param depth batches in memory: the one in use and those prepared ahead, at least 2
public record LoaderSize(Workers workers, int depth) {
    private static final int MOST = 4;
    private static final int LEAST = 2;
    private static final long BYTES = 512L << 20;

    public LoaderSize {
        if (depth < LEAST) {
            throw new IllegalArgumentException(Text.format("%d batches: at least %d are needed", depth, LEAST));
        }
    }

    /// A fixed number of threads.
    public LoaderSize(int workers, int depth) {
        this(Workers.fixed(workers), depth);
    }

    /// Four batches, or as many as fit into half a gigabyte, but two at least.
    ///
    /// @param batch images of a batch
    public static LoaderSize of(Workers workers, int batch, List<ViewGroup> groups) {
        long bytes = groups.stream()
                .mapToLong(g -> (long) batch * g.count() * g.bytes())
                .sum();
        return new LoaderSize(workers, Math.clamp(BYTES / Math.max(1, bytes), LEAST, MOST));
    }

    /// The threads that prepare images where an encoder reads them: half the cores. It keeps all cores busy, and what
    /// the loader takes from it is the same with fewer threads, which disturb it less.
    public static int autoWorkers(int cores) {
        return Math.max(1, cores / 2);
    }
}
