package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaRuntime;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The CUDA devices of several processes, connected by NCCL. All that they do together stands in a stream of its own,
/// beside the computations. For one thread at a time.
final class NcclGroup implements AutoCloseable {
    private static final long BRISK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Nccl nccl;
    private final CudaRuntime cuda;
    private final MemorySegment communicator;
    private final long stream;
    private final long mark;
    private final Patience patience;

    /// Joins the others; returns when all have come.
    ///
    /// @param cuda the device of this process, no other's
    /// @param notes where a person is told of long waits
    NcclGroup(Nccl nccl, CudaRuntime cuda, byte[] id, int rank, int size, Consumer<String> notes) {
        this.nccl = nccl;
        this.cuda = cuda;
        this.patience = new Patience(Text.format("rank %d of %d", rank, size), notes);
        cuda.use();
        this.communicator = nccl.join(id, rank, size);
        this.stream = cuda.stream();
        this.mark = cuda.event();
    }

    /// The stream of all that follows.
    long stream() {
        return stream;
    }

    /// What is appended from now on waits for all that stands in another stream.
    void follow(long other) {
        cuda.record(mark, other);
        cuda.follow(stream, mark);
    }

    /// What is appended to another stream from now on waits for all that stands here.
    void precede(long other) {
        cuda.record(mark, stream);
        cuda.follow(other, mark);
    }

    /// Sums float32 numbers of all processes, in place.
    void reduce(long address, long bytes) {
        cuda.use();
        nccl.reduce(communicator, address, bytes / Float.BYTES, stream);
    }

    /// Puts parts of all processes one after the other, by rank.
    ///
    /// @param mine this process's part
    /// @param bytes of each part
    void gather(long mine, long all, long[] bytes) {
        cuda.use();
        nccl.together(() -> {
            var place = all;
            for (var root = 0; root < bytes.length; root++) {
                nccl.broadcast(communicator, mine, place, bytes[root], root, stream);
                place += bytes[root];
            }
        });
    }

    /// Gives bytes of one process to all.
    void broadcast(long address, long bytes, int root) {
        cuda.use();
        nccl.broadcast(communicator, address, address, bytes, root, stream);
    }

    /// Waits until all that was appended is done.
    ///
    /// @param what it is, for a person
    void await(String what) {
        cuda.record(mark, stream);
        var begin = System.nanoTime();
        for (var now = begin; !cuda.isDone(mark); now = System.nanoTime()) {
            nccl.requireHealth(communicator);
            patience.waitingFor(what, begin, now);
            if (now - begin < BRISK_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(SLEEP_NANOS);
            }
        }
    }

    @Override
    public void close() {
        cuda.use();
        nccl.leave(communicator);
        cuda.destroyEvent(mark);
        cuda.destroyStream(stream);
    }
}
