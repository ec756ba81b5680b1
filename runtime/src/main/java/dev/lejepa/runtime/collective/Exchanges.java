package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.cudart.CudaRuntime;
import dev.lejepa.runtime.engine.CudaStream;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Exchange;
import java.util.Map;
import java.util.function.Consumer;

/// How ranks give each other what a step needs, by where they compute.
public final class Exchanges {
    private static final byte[] NOTHING = {};

    private Exchanges() {}

    /// That of a process: by NCCL from device to device for CUDA's devices, by the ranks' transport for host memory. All
    /// ranks call it together.
    ///
    /// @param engine that runs the step
    /// @param batch images of a whole step, at least one for each rank
    /// @param environment the variables of this process
    /// @param notes where a person is told of long waits
    /// @throws dev.lejepa.graphs.BadInputException if NCCL is needed and missing or too old
    public static Exchange of(
            Ranks ranks, Engine engine, int batch, Map<String, String> environment, Consumer<String> notes) {
        if (ranks.size() == 1) {
            return Exchange.alone(batch);
        }
        return engine.cudaStream()
                .<Exchange>map(stream -> onDevices(ranks, stream, batch, environment, notes))
                .orElseGet(() -> new RankExchange(ranks, batch));
    }

    private static NcclExchange onDevices(
            Ranks ranks, CudaStream stream, int batch, Map<String, String> environment, Consumer<String> notes) {
        var nccl = Nccl.open(environment);
        var id = ranks.gather(ranks.rank() == 0 ? nccl.newId() : NOTHING).getFirst();
        var cuda = CudaRuntime.open(stream.device());
        var group = new NcclGroup(nccl, cuda, id, ranks.rank(), ranks.size(), notes);
        return new NcclExchange(group, stream.stream(), new Share(ranks.rank(), ranks.size(), batch));
    }
}
