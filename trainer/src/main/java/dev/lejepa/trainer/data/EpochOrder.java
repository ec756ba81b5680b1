package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.random.Key;

/// What a seed decides about the data: the order of the images and the draws of their views.
///
/// Each epoch visits the images in a fresh random order, a function of (seed, epoch) and of how the source may be read,
/// cut into batches; images that do not fill the last batch are left out of this epoch.
///
/// @param seed of the run
/// @param ordering the orders that the source allows
/// @param batch images of a step
public record EpochOrder(long seed, Ordering ordering, int batch) {
    public EpochOrder {
        var images = ordering.images();
        if (batch < 1) {
            throw new BadInputException(Text.format("data.batch is %d, expected at least 1", batch));
        }
        if (images < batch) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, but there are only %d images: a step needs a full batch", batch, images));
        }
    }

    /// The order of a source's images.
    public EpochOrder(long seed, ImageSource source, int batch) {
        this(seed, source.ordering(), batch);
    }

    /// The number of images.
    public int images() {
        return ordering.images();
    }

    /// Whole batches of an epoch.
    public int stepsPerEpoch() {
        return images() / batch;
    }

    /// The images of an epoch (from 0) in their order: all images once, unless a mixture has weights.
    public int[] of(int epoch) {
        return ordering.pass(seed, epoch);
    }

    /// The key of all draws that make one view.
    ///
    /// @param image its number in the source, or what stands for it where it comes again in the epoch
    /// @param view its number among the image's views, global ones first
    public Key viewKey(int epoch, int image, int view) {
        return Key.of(seed, "views", epoch, image, view);
    }
}
