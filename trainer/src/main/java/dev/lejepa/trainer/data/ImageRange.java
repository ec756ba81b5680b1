package dev.lejepa.trainer.data;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Share;

/// Neighboring images of a source, by their numbers.
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

    /// Those of one of several processes that share all of a source: of fewer images than processes the last ones have
    /// none.
    public static ImageRange of(ImageSource source, int rank, int ranks) {
        var sharers = Math.min(ranks, source.size());
        if (rank >= sharers) {
            return new ImageRange(source.size(), 0);
        }
        var share = new Share(rank, sharers, source.size());
        return new ImageRange(share.first(), share.images());
    }
}
