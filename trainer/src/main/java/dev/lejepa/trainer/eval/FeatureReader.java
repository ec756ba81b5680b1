package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Shows images to an encoder, each prepared once, in their order, and hands over what comes out. Images that cannot be
/// read are left out.
public final class FeatureReader {
    private static final int AHEAD = 3;

    private final Encoder encoder;
    private final int workers;

    /// @param workers threads that prepare images
    public FeatureReader(Encoder encoder, int workers) {
        this.encoder = encoder;
        this.workers = workers;
    }

    /// Takes what came of a batch. Nothing of it may be kept.
    @FunctionalInterface
    public interface Sink {
        /// @param batch whose first [Batch#valid] rows hold images
        /// @param images as the encoder got them; [EncoderImages#mirrored] shows them to it again
        /// @param outputs a row for each of the batch's
        void accept(Batch batch, EncoderImages images, Outputs outputs) throws IOException, InterruptedException;
    }

    /// Reads all images.
    public void read(ImageStore images, Sink sink) throws IOException, InterruptedException {
        var size = new LoaderSize(workers, AHEAD);
        try (var loader = new EvalLoader(
                        images, encoder.batch(), encoder.preparation().view(), size);
                var shown = encoder.newImages()) {
            while (loader.hasNext()) {
                try (var batch = loader.next();
                        var outputs = encoder.run(shown.of(batch.views(0)))) {
                    sink.accept(batch, shown, outputs);
                }
            }
        }
    }

    /// One output for all images, in memory.
    ///
    /// @param features a row for each image that could be read
    /// @param labels of these images
    /// @param files of these images
    public record Rows(Features features, int[] labels, List<Path> files) {}

    /// Reads one output for all images.
    ///
    /// @param output that is one row for each image
    public Rows rows(ImageStore images, String output) throws IOException, InterruptedException {
        var rows = new RowBuffer(images.folder().size(), encoder.width(output));
        var labels = new int[images.folder().size()];
        var files = new ArrayList<Path>(labels.length);
        read(images, (batch, shown, outputs) -> {
            for (var row = 0; row < batch.valid(); row++) {
                labels[rows.rows() + row] = Math.toIntExact(batch.labels()[row]);
            }
            files.addAll(batch.files());
            rows.add(outputs.get(output), batch.valid());
        });
        return new Rows(rows.features(), Arrays.copyOf(labels, rows.rows()), List.copyOf(files));
    }
}
