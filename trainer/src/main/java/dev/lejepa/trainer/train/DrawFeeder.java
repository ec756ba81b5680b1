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
import java.util.List;

/// Draws the random inputs of a program. A draw whose rows are views is a function of (seed, name, step, image, view);
/// any other, such as the slice directions, of (seed, name, step).
public final class DrawFeeder {
    private final List<Draw> draws = new ArrayList<>();

    private record Draw(Key key, Distribution distribution, List<Integer> views, DeviceTensor tensor, float[] values) {}

    /// @param seed the recipe's
    public DrawFeeder(long seed, Program program) {
        for (var stage : program.manifest().stages()) {
            for (var in : stage.inputs()) {
                if (in instanceof StageInput.Draw draw && draw.distribution() != null) {
                    var tensor = program.input(in.name());
                    var views = draw.views() == null ? List.<Integer>of() : draw.views();
                    var values = new float[Math.toIntExact(tensor.size())];
                    draws.add(
                            new Draw(Key.of(seed, "draw").fold(in.name()), draw.distribution(), views, tensor, values));
                }
            }
        }
    }

    /// Fills all random inputs for a step.
    ///
    /// @param step from 0
    /// @param images number of the image of each row `n`
    public void feed(long step, int[] images) {
        for (var d : draws) {
            var key = d.key().fold(step);
            if (d.views().isEmpty()) {
                whole(d, key);
            } else {
                rows(d, key, images);
            }
            d.tensor().copyFrom(MemorySegment.ofArray(d.values()));
        }
    }

    private static void whole(Draw d, Key key) {
        fill(d.distribution(), key, MemorySegment.ofArray(d.values()));
    }

    private static void rows(Draw d, Key key, int[] images) {
        var views = d.views().size();
        var width = d.values().length / (images.length * views);
        var memory = MemorySegment.ofArray(d.values());
        for (var n = 0; n < images.length; n++) {
            var image = key.fold(images[n]);
            for (var v = 0; v < views; v++) {
                var at = (long) (n * views + v) * width * Float.BYTES;
                fill(d.distribution(), image.fold(d.views().get(v)), memory.asSlice(at, (long) width * Float.BYTES));
            }
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
