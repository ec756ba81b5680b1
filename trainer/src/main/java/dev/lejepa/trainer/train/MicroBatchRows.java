package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.Manifest.MicroBatches;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.ImageRange;

/// Which images of a batch a micro-batch has. Where the last one has room for more than are left, the batch's last image
/// stands in its other rows.
///
/// @param images of a micro-batch; 0 where steps are not cut
record MicroBatchRows(int images) {
    static MicroBatchRows of(Program program) {
        return new MicroBatchRows(
                program.microBatches().map(MicroBatches::images).orElse(0));
    }

    boolean cut() {
        return images > 0;
    }

    /// Whether all of a micro-batch's rows lie in the batch.
    boolean full(int microBatch, int batch) {
        return (microBatch + 1L) * images <= batch;
    }

    /// The images of a micro-batch.
    ///
    /// @param batch images that there are
    ImageRange range(int microBatch, int batch) {
        var first = Math.min(microBatch * images, batch);
        return new ImageRange(first, Math.min(images, batch - first));
    }

    /// The image in a row of a micro-batch.
    ///
    /// @param batch images that there are
    int image(int microBatch, int row, int batch) {
        return Math.min(microBatch * images + row, batch - 1);
    }
}
