package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;

/// The images of a batch that one of several processes computes.
///
/// They are neighbors, as many for each process as can be, one more for the first ones where the batch does not divide.
///
/// @param rank of the process, from 0
/// @param ranks how many processes share the batch
/// @param batch images of the whole step, `N`
public record Share(int rank, int ranks, int batch) {
    public Share {
        if (ranks < 1 || rank < 0 || rank >= ranks || batch < ranks) {
            throw new IllegalArgumentException(
                    Text.format("a batch of %d images has no share for process %d of %d", batch, rank, ranks));
        }
    }

    /// @throws BadInputException if a batch has fewer images than there are processes
    public static void requireOneEach(int batch, int ranks) {
        if (batch < ranks) {
            throw new BadInputException(
                    Text.format("data.batch is %d, fewer images than the %d processes that share them", batch, ranks));
        }
    }

    /// All of a batch.
    public static Share whole(int batch) {
        return new Share(0, 1, batch);
    }

    /// The same batch's share of another process.
    public Share of(int other) {
        return new Share(other, ranks, batch);
    }

    /// The place in the batch of the first image.
    public int first() {
        return batch / ranks * rank + Math.min(rank, batch % ranks);
    }

    /// How many images.
    public int images() {
        return batch / ranks + (rank < batch % ranks ? 1 : 0);
    }

    /// The images of the largest share.
    public int most() {
        return of(0).images();
    }
}
