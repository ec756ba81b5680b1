package dev.lejepa.graphs.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Resize.Filter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Layers of maps in both layouts, beside torch 2.15's numbers.
final class MapLayersTest {
    /// torch computes in float32.
    private static final double TOLERANCE = 2e-5;

    /// `[1, 4, 2, 2]`: `i^1.5`.
    private static final double[] CHANNELS =
            IntStream.range(0, 16).mapToDouble(i -> Math.pow(i, 1.5)).toArray();

    @ParameterizedTest
    @EnumSource(ImageLayout.class)
    void groupNormIsThatOfTorch(ImageLayout layout) {
        var y = normed(layout, new GroupNorm(2, 4, 1e-5));
        var expected = new double[] {
            -1.2286084, -1.0685867, -0.7759989, -0.3971117, 1.1031291, 2.1209755, 3.2464390, 4.4700671,
            -4.3726697, -3.2449296, -2.0526614, -0.7991857, 1.6835239, 3.5071139, 5.4022617, 7.3663616
        };
        assertArrayEquals(expected, y, TOLERANCE);
    }

    @ParameterizedTest
    @EnumSource(ImageLayout.class)
    void oneGroupForEachChannelIsTorchsInstanceNorm(ImageLayout layout) {
        var y = normed(layout, GroupNorm.instances(4));
        var expected = new double[] {
            -1.1410077,
            -0.6352743,
            0.2894223,
            1.4868599,
            -1.5983691,
            0.0221591,
            1.8140266,
            3.7621832,
            -3.9526434,
            -1.4131714,
            1.2716055,
            4.0942112,
            -4.2992463,
            -0.8556795,
            2.7230127,
            6.4319110
        };
        assertArrayEquals(expected, y, TOLERANCE);
    }

    private static double[] normed(ImageLayout layout, GroupNorm norm) {
        return apply(layout, Shape.of(1, 4, 2, 2), CHANNELS, norm::forward);
    }

    @ParameterizedTest
    @EnumSource(ImageLayout.class)
    void resizedMapsAreTorchs(ImageLayout layout) {
        assertRow(layout, new Resize(1, 3, Filter.BILINEAR, false), 0.333333, 4, 13.666667);
        assertRow(layout, new Resize(1, 3, Filter.BILINEAR, true), 0.428571, 4.444445, 13);
        assertRow(layout, new Resize(1, 3, Filter.BICUBIC, false), 0.148149, 4, 14.074071);
        assertRow(layout, new Resize(1, 3, Filter.BICUBIC, true), 0.169231, 4.195349, 13.338459);
        assertRow(
                layout,
                new Resize(1, 8, Filter.BICUBIC, false),
                -0.092834,
                0.187561,
                1.176514,
                2.619385,
                5.44165,
                8.471436,
                13.395081,
                16.649841);
    }

    /// The squares of 0 to 4, as a row and as a column.
    private static void assertRow(ImageLayout layout, Resize across, double... expected) {
        var squares = new double[] {0, 1, 4, 9, 16};
        var y = apply(layout, Shape.of(1, 1, 1, 5), squares, across::forward);
        assertArrayEquals(expected, y, TOLERANCE);
        var down = new Resize(across.width(), 1, across.filter(), across.antialias());
        assertArrayEquals(expected, apply(layout, Shape.of(1, 1, 5, 1), squares, down::forward), TOLERANCE);
    }

    /// @param shape of maps `[N, C, H, W]`
    /// @return the result in that layout
    private static double[] apply(ImageLayout layout, Shape shape, double[] x, BiFunction<Scope, Value, Value> layer) {
        var g = new Graph("layer");
        var world = new Declarations(g);
        var maps = ImageLayout.NCHW.to(layout, g.input("x", new Type(DType.FLOAT32, shape)));
        var y = layer.apply(Scope.root(world, Mode.TRAIN, layout), maps);
        g.output("y", layout.to(ImageLayout.NCHW, y));
        var feeds = new LinkedHashMap<String, NdArray>();
        feeds.put("x", NdArray.of(shape, x));
        var fixed = new double[][] {{1, 2, 3, 4}, {0, 1, 0, 1}};
        world.parameters().forEach(p -> feeds.put(p.name(), NdArray.of(Shape.of(4), fixed[feeds.size() - 1])));
        return Arrays.copyOf(
                Interpreter.evaluate(g, feeds).get("y").data(),
                Math.toIntExact(y.shape().size()));
    }
}
