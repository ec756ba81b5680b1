package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.cudart.CudaRuntime;
import dev.lejepa.runtime.engine.CudaStream;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Exchange;
import java.util.Map;
import java.util.function.Consumer;

/// What ranks with a CUDA device each give each other in a step: from device to device, beside what they compute.
final class NcclExchange implements Exchange {
    private static final byte[] NOTHING = {};

    private final NcclGroup group;
    private final long computing;
    private final Share share;

    private NcclExchange(NcclGroup group, long computing, Share share) {
        this.group = group;
        this.computing = computing;
        this.share = share;
    }

    /// Connects the devices of ranks for the rest of the process; all call it together.
    ///
    /// @param computing where the tensors are computed
    /// @param batch images of a whole step, at least one for each rank
    /// @param environment the variables of this process
    /// @param notes where a person is told of long waits
    /// @throws dev.lejepa.graphs.BadInputException if NCCL is missing or too old
    static Exchange join(
            Ranks ranks, CudaStream computing, int batch, Map<String, String> environment, Consumer<String> notes) {
        var nccl = Nccl.open(environment);
        var id = ranks.gather(ranks.rank() == 0 ? nccl.newId() : NOTHING).getFirst();
        var cuda = CudaRuntime.open(computing.device());
        var group = new NcclGroup(nccl, cuda, id, ranks.rank(), ranks.size(), notes);
        return new NcclExchange(group, computing.stream(), new Share(ranks.rank(), ranks.size(), batch));
    }

    @Override
    public Share share() {
        return share;
    }

    @Override
    public void gather(DeviceTensor mine, DeviceTensor all) {
        group.follow(computing);
        group.gather(mine.address(), all.address(), RankExchange.bytes(share, all.byteSize()));
        group.precede(computing);
    }

    @Override
    public void reduce(DeviceTensor bucket) {
        group.follow(computing);
        group.reduce(bucket.address(), bucket.byteSize());
    }

    @Override
    public void await() {
        group.await("sums of gradients");
        group.precede(computing);
    }
}
