package dev.lejepa.runtime.collective;

import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What ranks whose devices compute in host memory give each other in a step.
public final class RankExchange implements Exchange {
    private final Ranks ranks;
    private final Share share;
    private final List<Reduction> begun = new ArrayList<>();

    /// @param batch images of a whole step, at least one for each rank
    public RankExchange(Ranks ranks, int batch) {
        this.ranks = ranks;
        this.share = new Share(ranks.rank(), ranks.size(), batch);
    }

    @Override
    public Share share() {
        return share;
    }

    @Override
    public void gather(DeviceTensor mine, DeviceTensor all) {
        ranks.gather(mine.segment(), all.segment(), bytes(share, all.byteSize()));
    }

    /// Of each rank's part of what all have.
    static long[] bytes(Share share, long all) {
        var image = all / share.batch();
        return IntStream.range(0, share.ranks())
                .mapToLong(rank -> image * share.of(rank).images())
                .toArray();
    }

    @Override
    public void reduce(DeviceTensor bucket) {
        begun.add(ranks.reduce(bucket.segment()));
    }

    @Override
    public void await() {
        begun.forEach(Reduction::await);
        begun.clear();
    }
}
