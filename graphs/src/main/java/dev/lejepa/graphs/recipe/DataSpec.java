package dev.lejepa.graphs.recipe;

import java.util.List;
import java.util.OptionalInt;

/// Where the images are and how they are read.
///
/// @param train sources of training images, none or more; only `train` and `record` need them
/// @param val sources of held-out images
/// @param batch images of a whole step, over all micro-batches and ranks
/// @param workers loader threads; empty: as many as the machine suggests
/// @param maxBroken largest fraction of unreadable images that a run tolerates
/// @param maxPixels an image whose header claims more counts as unreadable
public record DataSpec(
        List<SourceSpec> train,
        List<SourceSpec> val,
        int batch,
        OptionalInt workers,
        double maxBroken,
        long maxPixels,
        JpegDecoding jpeg) {

    /// What PIL opens at most: twice a quarter of a gigabyte at three bytes a pixel.
    private static final long PIL_MAX_PIXELS = 178_956_970;

    public DataSpec {
        train = List.copyOf(train);
        val = List.copyOf(val);
    }

    public static DataSpec defaults() {
        return new DataSpec(List.of(), List.of(), 64, OptionalInt.empty(), 0.01, PIL_MAX_PIXELS, JpegDecoding.EXACT);
    }

    /// The same with other training images.
    public DataSpec withTrain(List<SourceSpec> sources) {
        return new DataSpec(sources, val, batch, workers, maxBroken, maxPixels, jpeg);
    }

    /// The same with the training images of one source.
    public DataSpec withTrain(String path) {
        return withTrain(List.of(SourceSpec.of(path)));
    }

    /// The same with another batch.
    public DataSpec withBatch(int images) {
        return new DataSpec(train, val, images, workers, maxBroken, maxPixels, jpeg);
    }

    /// The same with other held-out images.
    public DataSpec withVal(List<SourceSpec> sources) {
        return new DataSpec(train, sources, batch, workers, maxBroken, maxPixels, jpeg);
    }

    /// The same with the held-out images of one source.
    public DataSpec withVal(String path) {
        return withVal(List.of(SourceSpec.of(path)));
    }
}
