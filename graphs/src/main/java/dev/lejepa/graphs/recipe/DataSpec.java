package dev.lejepa.graphs.recipe;

import java.util.Optional;
import java.util.OptionalInt;

/// Where the images are and how they are read.
///
/// @param train folder of training images; only `train` and `record` need it
/// @param val folder of held-out images
/// @param batch images of a whole step, over all micro-batches and ranks
/// @param workers loader threads; empty: as many as the machine suggests
/// @param maxBroken largest fraction of unreadable images that a run tolerates
/// @param maxPixels an image whose header claims more counts as unreadable
public record DataSpec(
        Optional<String> train,
        Optional<String> val,
        int batch,
        OptionalInt workers,
        double maxBroken,
        long maxPixels,
        JpegDecoding jpeg) {

    /// What PIL opens at most: twice a quarter of a gigabyte at three bytes a pixel.
    private static final long PIL_MAX_PIXELS = 178_956_970;

    public static DataSpec defaults() {
        return new DataSpec(
                Optional.empty(), Optional.empty(), 64, OptionalInt.empty(), 0.01, PIL_MAX_PIXELS, JpegDecoding.EXACT);
    }

    /// The same with another training folder.
    public DataSpec withTrain(String folder) {
        return new DataSpec(Optional.of(folder), val, batch, workers, maxBroken, maxPixels, jpeg);
    }

    /// The same with another batch.
    public DataSpec withBatch(int images) {
        return new DataSpec(train, val, images, workers, maxBroken, maxPixels, jpeg);
    }

    /// The same with another folder of held-out images.
    public DataSpec withVal(String folder) {
        return new DataSpec(train, Optional.of(folder), batch, workers, maxBroken, maxPixels, jpeg);
    }
}
