package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.Convolution.ConvDataGrad;
import dev.lejepa.graphs.ir.Convolution.ConvWeightsGrad;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import java.util.List;
import java.util.function.Function;

/// Cases of operators on maps, in both layouts. Those of odd channels do not fill vectors.
///
/// @param cases where they are added
/// @param type of maps and weights
record ImageOpCases(List<OpCase> cases, DType type) {
    private static final long IMAGES = 3;

    /// @param channels of the maps
    /// @param filters of the convolution
    /// @param height of the maps
    private record ConvCase(String what, Window window, int groups, long channels, long filters, int height) {}

    private static final List<ConvCase> CONVOLUTIONS = List.of(
            new ConvCase("3 x 3", Window.square(3, 1, 1), 1, 6, 17, 7),
            new ConvCase("3 x 3, many channels", Window.square(3, 1, 1), 1, 64, 64, 6),
            new ConvCase("7 x 7, stride 2", Window.square(7, 2, 3), 1, 3, 16, 11),
            new ConvCase("1 x 1", Window.square(1, 1, 0), 1, 16, 33, 4),
            new ConvCase("1 x 1, many filters", Window.square(1, 2, 0), 1, 128, 512, 3),
            new ConvCase("1 x 1, many channels", Window.square(1, 1, 0), 1, 328, 24, 4),
            new ConvCase("1 x 1, many places", Window.square(1, 1, 0), 1, 130, 37, 9),
            new ConvCase("1 x 1, stride 2", Window.square(1, 2, 0), 1, 16, 32, 5),
            new ConvCase(
                    "lopsided", new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 2, 2)), 1, 5, 4, 8),
            new ConvCase("3 x 3, few places", Window.square(3, 1, 1), 1, 9, 33, 2),
            new ConvCase("3 x 3, few places, stride 2", Window.square(3, 2, 1), 1, 20, 70, 3),
            new ConvCase(
                    "lopsided, few places",
                    new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 2, 2)),
                    1,
                    5,
                    64,
                    5),
            new ConvCase("dilated groups", Window.square(3, 1, 2, 2), 2, 8, 12, 8),
            new ConvCase("depthwise", Window.square(3, 1, 1), 20, 20, 20, 6),
            new ConvCase("depthwise, whole vectors", Window.square(3, 1, 1), 32, 32, 32, 6),
            new ConvCase("depthwise, whole vectors, stride 2", Window.square(3, 2, 1), 16, 16, 16, 7),
            new ConvCase("depthwise 5 x 5, stride 2", Window.square(5, 2, 2), 16, 16, 16, 9),
            new ConvCase("depthwise 7 x 7", Window.square(7, 1, 3), 40, 40, 40, 5),
            new ConvCase(
                    "depthwise, lopsided",
                    new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 1, 1, 0, 2)),
                    6,
                    6,
                    6,
                    7),
            new ConvCase("depthwise, two filters each", Window.square(3, 1, 1), 5, 5, 10, 5));

    void add() {
        for (var layout : ImageLayout.values()) {
            convolutions(layout);
            pools(layout);
            batchNorms(layout);
        }
        add("AddRelu", "", f -> f.apply(new Activation.AddRelu(), some(f), some(f)));
    }

    private Value some(OpCase.Feeds f) {
        return maps(f, ImageLayout.NHWC, 5, 30, 7);
    }

    private void convolutions(ImageLayout layout) {
        for (var c : CONVOLUTIONS) {
            var what = c.what + ", " + layout;
            var conv = new Conv(c.window, c.groups, layout, type);
            add("Conv", what, f -> f.apply(conv, maps(f, layout, c), weights(f, c)));
            add(
                    "Conv",
                    what + ", with a bias",
                    f -> f.apply(conv, maps(f, layout, c), weights(f, c), f.normal(c.filters)));
            add("ConvDataGrad", what, f -> {
                var op = new ConvDataGrad(conv, c.height, c.height + 1);
                return f.apply(op, results(f, layout, c), weights(f, c));
            });
            add("ConvWeightsGrad", what, f -> {
                var op = new ConvWeightsGrad(conv.to(DType.FLOAT32));
                return f.apply(op, results(f, layout, c), maps(f, layout, c));
            });
        }
        var first = CONVOLUTIONS.getFirst();
        var conv = new Conv(first.window, first.groups, layout);
        add("Conv", "any number of images, " + layout, f -> {
            var shape = layout.shape(Shape.batched(1, 1, 1, 1), first.channels, first.height, first.height + 1);
            return f.apply(conv.to(type), f.normal(shape).cast(type), weights(f, first));
        });
        add("Conv", "to float32, " + layout, f -> f.apply(conv, maps(f, layout, first), weights(f, first)));
        add("ConvDataGrad", "to float32, " + layout, f -> {
            var op = new ConvDataGrad(conv, first.height, first.height + 1);
            return f.apply(op, results(f, layout, first), weights(f, first));
        });
    }

    private Value maps(OpCase.Feeds f, ImageLayout layout, ConvCase c) {
        return maps(f, layout, c.channels, c.height, c.height + 1);
    }

    private Value results(OpCase.Feeds f, ImageLayout layout, ConvCase c) {
        return maps(
                f,
                layout,
                c.filters,
                c.window.height().places(c.height),
                c.window.width().places(c.height + 1));
    }

    private Value weights(OpCase.Feeds f, ConvCase c) {
        var rows = c.window.height().kernel();
        var columns = c.window.width().kernel();
        return f.normal(c.filters, c.channels / c.groups, rows, columns).cast(type);
    }

    private Value maps(OpCase.Feeds f, ImageLayout layout, long channels, long height, long width) {
        return f.normal(layout.shape(Shape.of(IMAGES, 1, 1, 1), channels, height, width))
                .cast(type);
    }

    private void pools(ImageLayout layout) {
        var lopsided = new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 0, 1));
        for (var window : List.of(Window.square(3, 2, 1), Window.square(2, 2, 0), lopsided)) {
            for (var ceil : new boolean[] {false, true}) {
                pools(new Pool(window, ceil, layout));
            }
        }
    }

    private void pools(Pool pool) {
        var layout = pool.layout();
        var what = pool.window().kernels() + (pool.ceil() ? ", ceil, " : ", ") + layout;
        var max = new Pooling.MaxPool(pool);
        add("MaxPool", what, f -> f.apply(max, maps(f, layout, 20, 5, 7)));
        add("MaxPoolGrad", what, f -> {
            var x = maps(f, layout, 20, 5, 7);
            var dy = f.normal(max.infer(List.of(x.type())).getFirst().shape()).cast(type);
            return f.apply(new Pooling.MaxPoolGrad(pool), dy, x);
        });
        for (var includePad : new boolean[] {false, true}) {
            var mean = new Pooling.AveragePool(pool, includePad);
            var counts = includePad ? what + ", padding counts" : what;
            add("AveragePool", counts, f -> f.apply(mean, maps(f, layout, 20, 5, 7)));
            add("AveragePoolGrad", counts, f -> {
                var x = maps(f, layout, 20, 5, 7);
                var dy = f.normal(mean.infer(List.of(x.type())).getFirst().shape())
                        .cast(type);
                return f.apply(new Pooling.AveragePoolGrad(mean, 5, 7), dy);
            });
        }
    }

    private void batchNorms(ImageLayout layout) {
        for (var channels : List.of(5L, 32L)) {
            for (var relu : new boolean[] {false, true}) {
                var what = channels + " channels" + (relu ? " and ReLU, " : ", ") + layout;
                add("BatchNorm", what, f -> {
                    var y = batchNorm(f, far(f, layout, channels), layout, relu);
                    return List.of(y.get(0), y.get(1), y.get(3), y.get(4));
                });
                add("BatchNormGrad", what, f -> batchNormGrad(f, far(f, layout, channels), layout, relu));
            }
            add(
                    "BatchNorm",
                    "running variance, " + channels + " channels, " + layout + OpCase.NOT_CUDA_KERNELS,
                    f -> batchNorm(f, far(f, layout, channels), layout, false).subList(2, 3));
        }
    }

    private List<Value> batchNormGrad(OpCase.Feeds f, Value x, ImageLayout layout, boolean relu) {
        var channels = layout.channels(x.shape());
        var op = new Norm.BatchNormGrad(layout.channelAxis()).withRelu(relu);
        var y = batchNorm(f, x, layout, relu);
        var dy = maps(f, layout, channels, 9, 11);
        var scale = f.normal(channels);
        return relu
                ? f.apply(op, dy, x, scale, y.get(3), y.get(4), f.normal(channels))
                : f.apply(op, dy, x, scale, y.get(3), y.get(4));
    }

    /// Maps whose means are not 0.
    private Value far(OpCase.Feeds f, ImageLayout layout, long channels) {
        return f.draw(layout.shape(Shape.of(IMAGES, 1, 1, 1), channels, 9, 11), x -> 3 + 2 * x)
                .cast(type);
    }

    private static List<Value> batchNorm(OpCase.Feeds f, Value x, ImageLayout layout, boolean relu) {
        var row = layout.channels(x.shape());
        var op = new Norm.BatchNorm(layout.channelAxis(), 1e-5, 0.1).withRelu(relu);
        return f.apply(op, x, f.normal(row), f.normal(row), f.normal(row), f.positive(row));
    }

    private void add(String op, String what, Function<OpCase.Feeds, List<Value>> build) {
        cases.add(new OpCase(
                op,
                what,
                f -> build.apply(f).stream().map(v -> v.cast(DType.FLOAT32)).toList()));
    }
}
