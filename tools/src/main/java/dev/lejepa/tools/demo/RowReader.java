package dev.lejepa.tools.demo;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.trainer.data.Batch;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.eval.Features;
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
    private final ViewGroup view;
    private final int workers;

    /// @param view how an image is prepared
    /// @param workers threads that prepare images
    RowReader(Engine engine, Model untrained, Model trained, ViewGroup view, int workers) {
        this.engine = engine;
        this.untrained = untrained;
        this.trained = trained;
        this.view = view;
        this.workers = workers;
    }

    ProbeRows read(ImageStore images) throws InterruptedException {
        var count = images.folder().size();
        var labels = new int[count];
        var pixels = new Rows(count, 3 * view.size() * view.size());
        var before = new Rows(count, width(untrained));
        var after = new Rows(count, width(trained));
        var done = 0;
        try (var loader = new EvalLoader(images, BATCH, view, new LoaderSize(workers, 2))) {
            while (loader.hasNext()) {
                try (var batch = loader.next();
                        var in = input(batch)) {
                    for (var row = 0; row < batch.valid(); row++) {
                        labels[done + row] = Math.toIntExact(batch.labels()[row]);
                    }
                    pixels.put(done, batch.valid(), batch.views(0));
                    run(untrained, in, done, batch.valid(), before);
                    run(trained, in, done, batch.valid(), after);
                    done += batch.valid();
                }
            }
        }
        return new ProbeRows(labels, pixels.features(), before.features(), after.features());
    }

    private DeviceTensor input(Batch batch) {
        return engine.wrap("images", DType.FLOAT32, batch.views(0), BATCH, 3, view.size(), view.size());
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
