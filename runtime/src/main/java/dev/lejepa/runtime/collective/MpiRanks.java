package dev.lejepa.runtime.collective;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Exchange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Processes that MPI connects. A thread of its own moves on what was begun, so a sum goes on while the caller computes,
/// and a caller that waits sleeps.
final class MpiRanks implements Ranks {
    /// MPI counts in 32 bits.
    static final long MOST_BYTES = 1L << 30;

    private final Mpi mpi;
    private final Map<String, String> environment;
    private final Consumer<String> notes;
    private final Progress progress;
    private final long piece;

    private MpiRanks(Mpi mpi, Map<String, String> environment, Consumer<String> notes, long piece) {
        this.mpi = mpi;
        this.environment = environment;
        this.notes = notes;
        this.progress = new Progress(mpi, notes);
        this.piece = piece;
    }

    /// Joins the others; returns when all have come.
    ///
    /// @param notes where a person is told of long waits
    /// @throws BadInputException if there is no MPI library that belongs to the launcher
    static Ranks join(Launch launch, Map<String, String> environment, Consumer<String> notes) {
        return join(launch, environment, notes, MOST_BYTES);
    }

    /// @param piece most bytes that go to the library at once
    static Ranks join(Launch launch, Map<String, String> environment, Consumer<String> notes, long piece) {
        var library = MpiLibrary.open(launch, environment);
        var mpi = Mpi.init(library);
        if (mpi.size() != launch.size() || mpi.rank() != launch.rank()) {
            throw new BadInputException(Text.format(
                    "%s, but %s (%s) says rank %d of %d: it was not told so by that launcher; %s",
                    launch.variables(),
                    mpi.version(),
                    library.file(),
                    mpi.rank(),
                    mpi.size(),
                    launch.launcher() == Launch.Launcher.SLURM
                            ? "try srun --mpi=pmix or --mpi=pmi2"
                            : "name the launcher's own library in " + MpiLibrary.VARIABLE));
        }
        return new MpiRanks(mpi, environment, notes, piece);
    }

    @Override
    public int rank() {
        return mpi.rank();
    }

    @Override
    public int size() {
        return mpi.size();
    }

    @Override
    public String transport() {
        return mpi.version();
    }

    @Override
    public void barrier() {
        progress.begin("barrier", List.of(mpi::barrier)).await();
    }

    @Override
    public void gather(MemorySegment mine, MemorySegment all, long[] bytes) {
        Slices.requireParts(mine, all, bytes, this);
        var parts = Slices.parts(all, bytes);
        if (all.byteSize() <= piece) {
            gatherAtOnce(mine, all, parts);
        } else {
            parts.get(rank()).copyFrom(mine);
            begin("gather", all, IntStream.range(0, size()).boxed().flatMap(r -> broadcasts(parts.get(r), r)))
                    .await();
        }
    }

    private void gatherAtOnce(MemorySegment mine, MemorySegment all, List<MemorySegment> parts) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(JAVA_INT, size());
            var places = arena.allocate(JAVA_INT, size());
            for (var i = 0; i < size(); i++) {
                bytes.setAtIndex(JAVA_INT, i, (int) parts.get(i).byteSize());
                places.setAtIndex(JAVA_INT, i, (int) (parts.get(i).address() - all.address()));
            }
            begin("gather", all, Stream.of(request -> mpi.gather(mine, all, bytes, places, request)))
                    .await();
        }
    }

    @Override
    public void broadcast(MemorySegment memory, int root) {
        begin("broadcast of rank " + root, memory, broadcasts(memory, root)).await();
    }

    private Stream<Pending.Part> broadcasts(MemorySegment memory, int root) {
        return Slices.of(memory, piece).stream().map(slice -> request -> mpi.broadcast(slice, root, request));
    }

    @Override
    public Reduction reduce(MemorySegment floats) {
        return begin(
                "sum", floats, Slices.of(floats, piece).stream().map(slice -> request -> mpi.reduce(slice, request)));
    }

    private Pending begin(String what, MemorySegment memory, Stream<Pending.Part> parts) {
        return progress.begin(Text.format("%s, %d bytes", what, memory.byteSize()), parts.toList());
    }

    @Override
    public Exchange exchange(Engine engine, int batch) {
        return engine.cudaStream()
                .map(stream -> NcclExchange.join(this, stream, batch, environment, notes))
                .orElseGet(() -> new RankExchange(this, batch));
    }

    @Override
    public void abort(int code) {
        mpi.abort(code);
        Runtime.getRuntime().halt(code);
    }

    @Override
    public void close() {
        barrier();
        progress.close();
        mpi.end();
    }
}
