package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Share;

/// Into how many parts the images of a step are cut: over processes, and in each of them one after the other.
///
/// @param ranks processes that share a batch
/// @param microBatches of each process's share
public record Parts(int ranks, int microBatches) {
    /// A step that is not cut.
    public static final Parts WHOLE = new Parts(1, 1);

    public Parts {
        if (ranks < 1 || microBatches < 1) {
            throw new IllegalArgumentException(
                    Text.format("%d processes, %d micro-batches: both must be positive", ranks, microBatches));
        }
    }

    /// Whether there is one part.
    public boolean whole() {
        return equals(WHOLE);
    }

    /// Images of a micro-batch, the same in all processes: where a share has fewer than its micro-batches hold, the last
    /// of them is filled up with images whose gradient is zero.
    ///
    /// @param batch images of the whole step
    public int images(int batch) {
        return Math.ceilDiv(Math.ceilDiv(batch, ranks), microBatches);
    }

    /// @param batch images of the whole step
    /// @throws BadInputException if there are fewer images than processes, or no process has any for the last
    ///     micro-batch
    public void requireFull(int batch) {
        Share.requireOneEach(batch, ranks);
        var share = Math.ceilDiv(batch, ranks);
        var filled = Math.ceilDiv(share, images(batch));
        if (filled < microBatches) {
            throw new BadInputException(Text.format(
                    "train.micro_batches is %d, but %d images are %d micro-batches of %d; %d would be the same",
                    microBatches, share, filled, images(batch), filled));
        }
    }

    @Override
    public String toString() {
        return ranks == 1
                ? Text.format("%d micro-batches", microBatches)
                : microBatches == 1
                        ? Text.format("%d processes", ranks)
                        : Text.format("%d processes with %d micro-batches each", ranks, microBatches);
    }
}
