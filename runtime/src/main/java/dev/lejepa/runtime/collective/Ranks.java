package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Exchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// The processes that work together. All of them call the same methods in the same order; each calls from one thread at
/// a time, but for [#abort]. What goes wrong between processes is an [java.io.UncheckedIOException].
public interface Ranks extends AutoCloseable {
    /// The number of this process, from 0.
    int rank();

    /// How many processes there are.
    int size();

    /// What carries their numbers, for people: `one process`, `Open MPI 4.1.4`, ...
    String transport();

    /// Waits until all processes have come here.
    void barrier();

    /// Small things of all processes, by rank, at every rank.
    default List<byte[]> gather(byte[] mine) {
        try (var arena = Arena.ofConfined()) {
            var lengths = arena.allocate(JAVA_LONG, size());
            var eight = new long[size()];
            Arrays.fill(eight, Long.BYTES);
            gather(arena.allocateFrom(JAVA_LONG, mine.length), lengths, eight);
            var bytes = lengths.toArray(JAVA_LONG);
            var all = arena.allocate(LongStream.of(bytes).sum());
            gather(arena.allocateFrom(JAVA_BYTE, mine), all, bytes);
            return Slices.parts(all, bytes).stream()
                    .map(part -> part.toArray(JAVA_BYTE))
                    .toList();
        }
    }

    /// The memory of all processes, one after the other by rank, at every rank.
    ///
    /// @param mine native memory of `bytes[rank()]` bytes
    /// @param all native memory of as many bytes as all have, into which they are written
    /// @param bytes of each process, the same array at every rank
    void gather(MemorySegment mine, MemorySegment all, long[] bytes);

    /// Gives native memory of one process to all others, which have as much.
    void broadcast(MemorySegment memory, int root);

    /// Begins to sum the float32 numbers of all processes, in place. The result has the same bits at every rank.
    ///
    /// @param floats native memory that nobody touches before [Reduction#await]
    Reduction reduce(MemorySegment floats);

    /// How this process and the others give each other what a step needs: by this transport where the engine computes in
    /// host memory, from device to device by NCCL for CUDA's. All call it together.
    ///
    /// @param engine that runs the step
    /// @param batch images of a whole step, at least one for each process
    /// @throws dev.lejepa.graphs.BadInputException if NCCL is needed and missing or too old
    default Exchange exchange(Engine engine, int batch) {
        return size() == 1 ? Exchange.alone(batch) : new RankExchange(this, batch);
    }

    /// Ends all processes, in the midst of whatever they do. Any thread may call; does not return.
    ///
    /// @param code that this process, and as far as its launcher can, all of them, exit with
    void abort(int code);

    /// Leaves the others: all come here, and nothing can be done together from then on.
    @Override
    void close();

    /// Joins the processes that a launcher started together with this one; returns when all have come.
    ///
    /// @param environment the variables of this process
    /// @param cuda the CUDA device that this process computes on, where it does
    /// @param notes where a person is told of long waits and the like, a line at a time
    /// @throws dev.lejepa.graphs.BadInputException if the library that it takes is missing or does not belong to the
    ///     launcher
    static Ranks join(Launch launch, Map<String, String> environment, OptionalInt cuda, Consumer<String> notes) {
        if (launch.alone()) {
            return alone();
        }
        Processors.ofProcess().note(launch).ifPresent(notes);
        return switch (launch.launcher()) {
            case NONE, OPEN_MPI, PMI, SLURM -> MpiRanks.join(launch, environment, notes);
            case TORCHRUN -> NcclRanks.join(launch, environment, cuda, notes);
        };
    }

    /// One process, which has nobody to talk to.
    static Ranks alone() {
        return OneRank.ALONE;
    }
}
