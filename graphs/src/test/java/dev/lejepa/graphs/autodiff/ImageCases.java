package dev.lejepa.graphs.autodiff;

import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import java.util.List;
import java.util.stream.Stream;

/// Applications of operators on maps, in both layouts.
final class ImageCases {
    private ImageCases() {}

    static Stream<OperatorCases> all() {
        return Stream.of(ImageLayout.values())
                .flatMap(layout -> Stream.of(
                                convolutions(layout),
                                pools(layout),
                                Stream.of(batchNorm(layout, false), batchNorm(layout, true)))
                        .flatMap(s -> s));
    }

    private static Stream<OperatorCases> convolutions(ImageLayout layout) {
        var maps = maps(layout, 2, 4, 5, 6);
        var lopsided = new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 2, 2));
        return Stream.of(
                of(new Conv(Window.square(3, 1, 1), 1, layout), maps, Shape.of(3, 4, 3, 3), Shape.of(3)),
                of(new Conv(Window.square(1, 2, 0), 1, layout), maps, Shape.of(3, 4, 1, 1)),
                of(new Conv(lopsided, 2, layout), maps, Shape.of(6, 2, 3, 2), Shape.of(6)),
                of(new Conv(Window.square(2, 1, 1, 2), 4, layout), maps, Shape.of(4, 1, 2, 2)),
                of(new Conv(Window.square(3, 2, 1), 4, layout), maps, Shape.of(8, 1, 3, 3)));
    }

    private static Stream<OperatorCases> pools(ImageLayout layout) {
        var maps = maps(layout, 2, 3, 5, 7);
        var lopsided = new Window(new Window.Axis(3, 2, 0, 1, 1), new Window.Axis(2, 3, 1, 0, 1));
        return Stream.of(Window.square(3, 2, 1), Window.square(2, 2, 0), lopsided)
                .flatMap(window -> Stream.of(false, true).flatMap(ceil -> {
                    var pool = new Pool(window, ceil, layout);
                    return Stream.of(
                            of(new Pooling.MaxPool(pool), maps),
                            of(new Pooling.AveragePool(pool, true), maps),
                            of(new Pooling.AveragePool(pool, false), maps));
                }));
    }

    private static OperatorCases batchNorm(ImageLayout layout, boolean relu) {
        var row = Shape.of(3);
        var op = new Norm.BatchNorm(layout.channelAxis(), 1e-3, 0.1).withRelu(relu);
        return new OperatorCases(op, List.of(maps(layout, 2, 3, 2, 4), row, row), x -> x, v -> {
            var running = v.getFirst().graph().constant(Tensor.of(row, 0.1, 0.2, 0.3));
            return v.getFirst()
                    .graph()
                    .apply(op, v.get(0), v.get(1), v.get(2), running, running)
                    .subList(0, 1);
        });
    }

    private static Shape maps(ImageLayout layout, long images, long channels, long height, long width) {
        return layout.shape(Shape.of(images, 1, 1, 1), channels, height, width);
    }

    private static OperatorCases of(Op op, Shape... shapes) {
        return new OperatorCases(op, List.of(shapes), x -> x, v -> apply(op, v));
    }

    private static List<Value> apply(Op op, List<Value> operands) {
        return operands.getFirst().graph().apply(op, operands);
    }
}
