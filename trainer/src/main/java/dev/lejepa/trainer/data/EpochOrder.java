package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.random.Permutation;

/// What a seed decides about the data: the order of the images and the draws of their views.
///
/// Each epoch visits the images in a fresh random order, a function of (seed, epoch),
/// cut into batches; images that do not fill the last batch are left out of this epoch.
///
/// @param seed of the run
/// @param images number of images
/// @param batch images of a step
public record EpochOrder(long seed, int images, int batch) {
    public EpochOrder {
        if (batch < 1) {
            throw new BadInputException(Text.format("data.batch is %d, expected at least 1", batch));
        }
        if (images < batch) {
            throw new BadInputException(Text.format(
                    "data.batch is %d, but there are only %d images: a step needs a full batch", batch, images));
        }
    }

    /// Whole batches of an epoch.
    public int stepsPerEpoch() {
        return images / batch;
    }

    /// The order of all images in an epoch (from 0).
    public int[] of(int epoch) {
        return Permutation.of(Key.of(seed, "order", epoch), images);
    }

    /// The key of all draws that make one view.
    ///
    /// @param image its number in the folder
    /// @param view its number among the image's views, global ones first
    public Key viewKey(int epoch, int image, int view) {
        return Key.of(seed, "views", epoch, image, view);
    }
}
