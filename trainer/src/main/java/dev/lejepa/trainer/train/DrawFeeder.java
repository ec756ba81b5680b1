package dev.lejepa.trainer.train;

import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.random.Fill;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Program;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/// Draws the random inputs of a program. A draw whose rows are views is a function of (seed, name, step, image, view);
/// any other, such as the slice directions, of (seed, name, step). So it is the same whatever batch or micro-batch its
/// image is in.
final class DrawFeeder {
    private final MicroBatchRows rows;
    /// Those that all images share.
    private final List<Draw> shared = new ArrayList<>();
    /// Those that have rows for views.
    private final List<Draw> ofViews = new ArrayList<>();

    private long step;
    private int[] images = {};

    private record Draw(Key key, Distribution distribution, List<Integer> views, DeviceTensor tensor, float[] values) {}

    /// @param seed the recipe's
    DrawFeeder(long seed, Program program, MicroBatchRows rows) {
        this.rows = rows;
        var inputs = new LinkedHashMap<String, StageInput.Draw>();
        for (var in : program.manifest().fed()) {
            if (in instanceof StageInput.Draw draw) {
                inputs.putIfAbsent(draw.name(), draw); // stages that repeat others read the same
            }
        }
        for (var in : inputs.values()) {
            if (in.distribution() != null) {
                add(in, Key.of(seed, "draw").fold(in.name()), in.distribution(), program.input(in.name()));
            }
        }
    }

    private void add(StageInput.Draw in, Key key, Distribution distribution, DeviceTensor tensor) {
        var views = in.views() == null ? List.<Integer>of() : in.views();
        var values = new float[Math.toIntExact(tensor.size())];
        (views.isEmpty() ? shared : ofViews).add(new Draw(key, distribution, views, tensor, values));
    }

    /// Fills the random inputs of a step; where steps are cut, those that all images share.
    ///
    /// @param step from 0
    /// @param images number of the image of each row `n`
    void feed(long step, int[] images) {
        this.step = step;
        this.images = images;
        for (var d : shared) {
            fill(d.distribution(), d.key().fold(step), MemorySegment.ofArray(d.values()));
            d.tensor().copyFrom(MemorySegment.ofArray(d.values()));
        }
        if (!rows.cut()) {
            rows(images);
        }
    }

    /// Fills those of a micro-batch of the images that were fed last.
    void feed(int microBatch) {
        rows(IntStream.range(0, rows.images())
                .map(row -> images[rows.image(microBatch, row, images.length)])
                .toArray());
    }

    private void rows(int[] of) {
        for (var d : ofViews) {
            var key = d.key().fold(step);
            var views = d.views().size();
            var width = d.values().length / (of.length * views);
            var memory = MemorySegment.ofArray(d.values());
            for (var n = 0; n < of.length; n++) {
                var image = key.fold(of[n]);
                for (var v = 0; v < views; v++) {
                    var at = (long) (n * views + v) * width * Float.BYTES;
                    fill(
                            d.distribution(),
                            image.fold(d.views().get(v)),
                            memory.asSlice(at, (long) width * Float.BYTES));
                }
            }
            d.tensor().copyFrom(memory);
        }
    }

    private static void fill(Distribution distribution, Key key, MemorySegment to) {
        switch (distribution) {
            case Distribution.Normal(var mean, var std) -> Fill.normal(key, 0, to, mean, std);
            case Distribution.Uniform(var low, var high) -> Fill.uniform(key, 0, to, low, high);
            case Distribution.Bernoulli(var p, var value) -> {
                Fill.bernoulli(key, 0, to, p);
                scale(to, (float) value);
            }
        }
    }

    private static void scale(MemorySegment values, float by) {
        for (var i = 0L; i < values.byteSize() / Float.BYTES; i++) {
            var v = values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            values.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, v * by);
        }
    }
}
