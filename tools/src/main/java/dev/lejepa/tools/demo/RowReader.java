package dev.lejepa.tools.demo;

import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.eval.EncoderImages;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.train.ViewGroups;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/// Shows images to two encoders, and keeps what went in and what came out. Each image is prepared once, so all three
/// see the same.
final class RowReader {
    private static final int BATCH = 64;

    private final Engine engine;
    private final Model untrained;
    private final Model trained;
    private final ViewsSpec views;
    private final int size;
    private final int workers;

    /// @param views whose colors are normalized
    /// @param size pixels per side of a prepared image
    /// @param workers threads that prepare images
    RowReader(Engine engine, Model untrained, Model trained, ViewsSpec views, int size, int workers) {
        this.engine = engine;
        this.untrained = untrained;
        this.trained = trained;
        this.views = views;
        this.size = size;
        this.workers = workers;
    }

    ProbeRows read(ImageStore images) throws InterruptedException {
        var count = images.folder().size();
        var labels = new int[count];
        var pixels = new Rows(count, 3 * size * size);
        var before = new Rows(count, width(untrained));
        var after = new Rows(count, width(trained));
        var done = 0;
        try (var loader = new EvalLoader(images, BATCH, ViewGroups.evaluation(size), new LoaderSize(workers, 2));
                var encoded = new EncoderImages(engine, "images", BATCH, size, views.mean(), views.std())) {
            while (loader.hasNext()) {
                try (var batch = loader.next()) {
                    var in = encoded.of(batch);
                    for (var row = 0; row < batch.valid(); row++) {
                        labels[done + row] = Math.toIntExact(batch.labels()[row]);
                    }
                    pixels.put(done, batch.valid(), encoded.floats());
                    run(untrained, in, done, batch.valid(), before);
                    run(trained, in, done, batch.valid(), after);
                    done += batch.valid();
                }
            }
        }
        return new ProbeRows(labels, pixels.features(), before.features(), after.features());
    }

    private static void run(Model encoder, DeviceTensor images, int first, int count, Rows to) {
        try (var out = encoder.run(Map.of(encoder.inputs().getFirst().name(), images))) {
            to.put(first, count, MemorySegment.ofArray(out.first().toFloats()));
        }
    }

    private static int width(Model encoder) {
        return Math.toIntExact(encoder.outputs().getFirst().shape().getLast());
    }

    /// A matrix that is filled from the top.
    private record Rows(float[] values, int columns) {
        Rows(int rows, int columns) {
            this(new float[Math.multiplyExact(rows, columns)], columns);
        }

        void put(int first, int count, MemorySegment rows) {
            MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, 0, values, first * columns, count * columns);
        }

        Features features() {
            return new Features(values, values.length / columns, columns);
        }
    }
}
