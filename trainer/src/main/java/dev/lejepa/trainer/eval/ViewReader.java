package dev.lejepa.trainer.eval;

import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.TrainLoader;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.data.Workers;
import java.util.List;

/// Shows augmented views of some images to an encoder, for what compares views of one image. Images and draws are
/// functions of a seed, the same for all encoders.
public final class ViewReader {
    /// Images whose views are made together.
    private static final int TOGETHER = 8;

    private final Encoder encoder;
    private final int workers;

    /// @param workers threads that make views
    public ViewReader(Encoder encoder, int workers) {
        this.encoder = encoder;
        this.workers = workers;
    }

    /// Reads one output for the views of images that can be read.
    ///
    /// @param views how to make them, of the size that the encoder takes
    /// @param output that is one row for each image
    /// @param most images; of more some are drawn
    /// @return row `n*V + v` is view `v` of image `n`
    public Features read(ImageStore images, ViewGroup views, String output, int most, long seed)
            throws InterruptedException {
        var all = images.source().size();
        var batches = Math.ceilDiv(Math.min(all, most), TOGETHER);
        var order = new EpochOrder(seed, images.source(), Math.min(all, most) / batches);
        var groups = List.of(views);
        var rows = new RowBuffer(batches * order.batch() * views.count(), encoder.width(output));
        try (var loader = new TrainLoader(
                        images,
                        order,
                        groups,
                        0,
                        batches,
                        LoaderSize.of(Workers.fixed(workers), order.batch(), groups));
                var shown = encoder.newImages()) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    add(batch, views, output, shown, rows);
                }
            }
        }
        return rows.features();
    }

    /// As many views at a time as the encoder takes.
    private void add(Batch batch, ViewGroup views, String output, EncoderImages shown, RowBuffer rows) {
        var bytes = views.bytes();
        var count = batch.size() * views.count();
        for (var first = 0; first < count; first += encoder.batch()) {
            var some = Math.min(encoder.batch(), count - first);
            try (var outputs = encoder.run(shown.of(batch.views(views.name()).asSlice(first * bytes, some * bytes)))) {
                rows.add(outputs.get(output), some);
            }
        }
    }
}
