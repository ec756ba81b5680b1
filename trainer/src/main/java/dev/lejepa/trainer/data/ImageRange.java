package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Share;

/// Neighboring images of a source, by their numbers, or other things that are counted.
///
/// @param first number
/// @param images how many; there may be none
public record ImageRange(int first, int images) {
    public ImageRange {
        if (first < 0 || images < 0) {
            throw new IllegalArgumentException(Text.format("%d images from number %d on", images, first));
        }
    }

    /// All of a source.
    public static ImageRange all(ImageSource source) {
        return new ImageRange(0, source.size());
    }

    /// Those of one of several processes that share a source: whole batches, so that each is the batch that one process
    /// would make. Of fewer batches than processes the last ones have none.
    ///
    /// @param batch images of a batch
    public static ImageRange of(ImageSource source, int batch, int rank, int ranks) {
        var batches = of(Math.ceilDiv(source.size(), batch), rank, ranks);
        var first = Math.min(source.size(), Math.multiplyExact(batches.first, batch));
        var end = (int) Math.min(source.size(), ((long) batches.first + batches.images) * batch);
        return new ImageRange(first, end - first);
    }

    /// The share of one of several processes of things that are counted from 0.
    public static ImageRange of(int count, int rank, int ranks) {
        var sharers = Math.min(ranks, count);
        if (rank >= sharers) {
            return new ImageRange(count, 0);
        }
        var share = new Share(rank, sharers, count);
        return new ImageRange(share.first(), share.images());
    }
}
