package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.engine.Outputs;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageRange;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
        read(images, ImageRange.all(images.source()), sink);
    }

    /// Reads some of the images.
    public void read(ImageStore images, ImageRange range, Sink sink) throws IOException, InterruptedException {
        var size = new LoaderSize(workers, AHEAD);
        var view = encoder.preparation().view();
        try (var loader = new EvalLoader(images, range, encoder.batch(), view, size);
                var shown = encoder.newImages()) {
            while (loader.hasNext()) {
                try (var batch = loader.next();
                        var outputs = encoder.run(shown.of(batch.views(view.name())))) {
                    sink.accept(batch, shown, outputs);
                }
            }
        }
    }

    /// One output for all images, in memory.
    ///
    /// @param features a row for each image that could be read
    /// @param labels of these images
    /// @param images their numbers
    public record Rows(Features features, int[] labels, List<Integer> images) {}

    /// Reads one output for all images.
    ///
    /// @param output that is one row for each image
    public Rows rows(ImageStore images, String output) throws IOException, InterruptedException {
        var rows = new RowBuffer(images.source().size(), encoder.width(output));
        var labels = new int[images.source().size()];
        var numbers = new ArrayList<Integer>(labels.length);
        read(images, (batch, shown, outputs) -> {
            for (var row = 0; row < batch.valid(); row++) {
                labels[rows.rows() + row] = Math.toIntExact(batch.labels()[row]);
            }
            IntStream.of(batch.imagesRead()).forEach(numbers::add);
            rows.add(outputs.get(output), batch.valid());
        });
        return new Rows(rows.features(), Arrays.copyOf(labels, rows.rows()), List.copyOf(numbers));
    }
}
