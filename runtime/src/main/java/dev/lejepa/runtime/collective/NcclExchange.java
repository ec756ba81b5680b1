package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Exchange;

/// What ranks with a CUDA device each give each other in a step: from device to device, beside what they compute.
final class NcclExchange implements Exchange {
    private final NcclGroup group;
    private final long computing;
    private final Share share;

    /// @param group for the rest of the process
    /// @param computing the stream in which the tensors are computed
    NcclExchange(NcclGroup group, long computing, Share share) {
        this.group = group;
        this.computing = computing;
        this.share = share;
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
