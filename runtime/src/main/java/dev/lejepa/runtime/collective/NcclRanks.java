package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaRuntime;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// Processes with a CUDA device each that `torchrun` started: they find each other at its agent's store, and NCCL
/// connects them. What lies in host memory goes through the devices.
final class NcclRanks implements Ranks {
    private final Launch launch;
    private final Nccl nccl;
    private final CudaRuntime cuda;
    private final NcclGroup group;
    private final Map<String, String> environment;
    private final Consumer<String> notes;

    private NcclRanks(
            Launch launch, Nccl nccl, CudaRuntime cuda, Map<String, String> environment, Consumer<String> notes) {
        this.launch = launch;
        this.nccl = nccl;
        this.cuda = cuda;
        this.environment = environment;
        this.notes = notes;
        this.group = new NcclGroup(nccl, cuda, id(launch, environment, nccl), launch.rank(), launch.size(), notes);
    }

    /// Joins the others; returns when all have come.
    ///
    /// @param device of this process
    /// @throws BadInputException if it has none, NCCL is missing, or no store is where the launcher says
    static Ranks join(Launch launch, Map<String, String> environment, OptionalInt device, Consumer<String> notes) {
        if (device.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: torchrun's processes are connected by NCCL, which needs a CUDA device for each of them; on processors start with mpirun, or with --ranks %d and no launcher",
                    launch.variables(), launch.size()));
        }
        var nccl = Nccl.open(environment);
        var cuda = CudaRuntime.open(device.getAsInt());
        return new NcclRanks(launch, nccl, cuda, environment, notes);
    }

    /// Rank 0 makes it and leaves it at the store.
    private static byte[] id(Launch launch, Map<String, String> environment, Nccl nccl) {
        // processes that torchrun starts again find the same store
        var key = "lejepa/nccl/" + environment.getOrDefault("TORCHELASTIC_RESTART_COUNT", "0");
        try (var store = TcpStore.connect(environment)) {
            if (launch.rank() > 0) {
                return store.get(key);
            }
            var id = nccl.newId();
            store.set(key, id);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public int rank() {
        return launch.rank();
    }

    @Override
    public int size() {
        return launch.size();
    }

    @Override
    public String transport() {
        return nccl.title();
    }

    @Override
    public void barrier() {
        onDevice(Float.BYTES, address -> group.reduce(address, Float.BYTES), "barrier");
    }

    @Override
    public void gather(MemorySegment mine, MemorySegment all, long[] bytes) {
        Slices.requireParts(mine, all, bytes, this);
        var place = Slices.parts(all, bytes).get(rank()).address() - all.address();
        onDevice(
                all.byteSize(),
                address -> {
                    cuda.toDevice(address + place, mine, group.stream());
                    group.gather(address + place, address, bytes);
                    cuda.toHost(all, address, group.stream());
                },
                "gather");
    }

    @Override
    public void broadcast(MemorySegment memory, int root) {
        onDevice(
                memory.byteSize(),
                address -> {
                    cuda.toDevice(address, memory, group.stream());
                    group.broadcast(address, memory.byteSize(), root);
                    cuda.toHost(memory, address, group.stream());
                },
                "broadcast of rank " + root);
    }

    @Override
    public Reduction reduce(MemorySegment floats) {
        onDevice(
                floats.byteSize(),
                address -> {
                    cuda.toDevice(address, floats, group.stream());
                    group.reduce(address, floats.byteSize());
                    cuda.toHost(floats, address, group.stream());
                },
                "sum");
        return () -> {};
    }

    /// What is done with memory of the device at an address.
    @FunctionalInterface
    private interface Use {
        void at(long address);
    }

    private void onDevice(long bytes, Use use, String what) {
        var address = cuda.allocate(bytes);
        try {
            use.at(address);
            group.await(Text.format("%s, %d bytes", what, bytes));
        } finally {
            cuda.free(address);
        }
    }

    @Override
    public Exchange exchange(Engine engine, int batch) {
        return engine.cudaStream()
                .map(stream -> NcclExchange.join(this, stream, batch, environment, notes))
                .orElseGet(() -> new RankExchange(this, batch));
    }

    /// The launcher ends the others when one ends with a code.
    @Override
    public void abort(int code) {
        Runtime.getRuntime().halt(code);
    }

    @Override
    public void close() {
        barrier();
        group.close();
    }
}
