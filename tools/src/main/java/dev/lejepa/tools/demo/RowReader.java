package dev.lejepa.tools.demo;

import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.FeatureReader;
import dev.lejepa.trainer.eval.RowBuffer;
import java.io.IOException;

/// Shows images to two encoders that want them alike, and keeps what went in and what came out. Each image is prepared
/// once, so all three see the same.
///
/// @param workers threads that prepare images
record RowReader(Encoder untrained, Encoder trained, int workers) {
    ProbeRows read(ImageStore images) throws IOException, InterruptedException {
        var count = images.source().size();
        var size = trained.preparation().size();
        var labels = new int[count];
        var pixels = new RowBuffer(count, 3 * size * size);
        var before = new RowBuffer(count, untrained.width(Encoder.FEATURES));
        var after = new RowBuffer(count, trained.width(Encoder.FEATURES));
        new FeatureReader(trained, workers).read(images, (batch, shown, outputs) -> {
            for (var row = 0; row < batch.valid(); row++) {
                labels[after.rows() + row] = Math.toIntExact(batch.labels()[row]);
            }
            pixels.add(shown.floats(), batch.valid());
            after.add(outputs.get(Encoder.FEATURES), batch.valid());
            try (var initial = untrained.run(shown.tensor())) {
                before.add(initial.get(Encoder.FEATURES), batch.valid());
            }
        });
        return new ProbeRows(labels, pixels.features(), before.features(), after.features());
    }
}
