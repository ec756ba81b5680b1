package dev.lejepa.graphs.nn;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.List;

/// How pixels come into a graph.
public sealed interface Pixels {
    /// float32 that whoever feeds the graph has normalized.
    record Normalized() implements Pixels {}

    /// Levels 0 to 255, one byte each, which the graph turns into `(level / 255 - mean) / std`: operation by operation
    /// what torchvision's `ToTensor` and `Normalize` compute, and so the same float32 numbers.
    ///
    /// @param mean of red, green and blue, in [0, 1]
    /// @param std of red, green and blue
    @JsonPropertyOrder({"mean", "std"})
    record Levels(List<Double> mean, List<Double> std) implements Pixels {
        private static final double BRIGHTEST = 255;

        public Levels {
            mean = List.copyOf(mean);
            std = List.copyOf(std);
        }

        private Value normalized(Value levels) {
            var unit = levels.cast(DType.FLOAT32).div(levels.graph().scalar(BRIGHTEST));
            return unit.sub(perColor(levels.graph(), mean)).div(perColor(levels.graph(), std));
        }

        private static Value perColor(Graph graph, List<Double> values) {
            var data = values.stream().mapToDouble(v -> v).toArray();
            return graph.constant(Tensor.of(Shape.of(data.length, 1, 1), data));
        }
    }

    /// Declares an input `[rows, 3, height, width]`.
    ///
    /// @param views that its rows are
    /// @return what a network reads, float32 of the same shape
    default Value input(Declarations world, String label, Shape shape, Views views) {
        var feed = new Feed.Images(views, Math.toIntExact(shape.dim(2)), this);
        return switch (this) {
            case Normalized() -> world.input(label, Type.f32(shape), feed);
            case Levels levels -> levels.normalized(world.input(label, new Type(DType.UINT8, shape), feed));
        };
    }
}
