package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Gaussian blur as two products with banded matrices, edges mirrored without repeating the edge pixel. torchvision adds
/// up a square kernel's products in single precision and rounds; two passes give another level only where that sum lies
/// next to the middle of two. A view without blur has a kernel of one 1 and stays as it is.
final class GaussianProduct {
    /// A standard deviation whose kernel is a single 1 in single precision.
    private static final double NONE = 1e-3;

    private final Graph graph;
    private final int half;
    private final int size;

    /// @param kernel side of the kernel, odd
    /// @param size of the views, above half the kernel
    GaussianProduct(Graph graph, int kernel, int size) {
        if (kernel / 2 >= size) {
            throw new IllegalArgumentException(
                    Text.format("a blur kernel of %d does not fit views of %d pixels", kernel, size));
        }
        this.graph = graph;
        this.half = kernel / 2;
        this.size = size;
    }

    /// @param rgb levels `[rows, 3, S, S]`
    /// @param sigma in pixels, `[rows, 1, 1, 1]`, 0 for none
    Value apply(Value rgb, Value sigma) {
        var rows = rgb.dim(0);
        var band = weights(sigma.reshape(rows, 1)).gather(1, band()).reshape(rows, 1, size, size + 2L * half);
        var mirrored = mirrored();
        var along = rgb.gather(3, mirrored).matmul(band, false, true, 1);
        return Levels.cut(band.matmul(along.gather(2, mirrored)).add(0.5));
    }

    /// The kernel's weights `[rows, half + 2]` at distances 0 to half and, at the end, 0.
    private Value weights(Value sigma) {
        var distances = graph.constant(Tensor.of(
                Shape.of(1, half + 1L),
                IntStream.rangeClosed(0, half).asDoubleStream().toArray()));
        var times = graph.constant(Tensor.of(
                Shape.of(1, half + 1L),
                IntStream.rangeClosed(0, half).mapToDouble(d -> d == 0 ? 1 : 2).toArray()));
        var z = distances.div(sigma.max(graph.scalar(NONE)));
        var density = z.square().mul(-0.5).exp();
        var weights = density.div(density.mul(times).sum(true, 1));
        return Value.concat(1, List.of(weights, sigma.mul(0)));
    }

    /// Which weight each element of the band is: row `i` reads pixels `i` to `i + 2 half` of a mirrored row.
    private long[] band() {
        long wide = size + 2L * half;
        return LongStream.range(0, size * wide)
                .map(at -> Math.min(half + 1, Math.abs(at % wide - at / wide - half)))
                .toArray();
    }

    /// Pixels `-half` to `size + half` of a mirrored row.
    private long[] mirrored() {
        return IntStream.range(-half, size + half)
                .mapToLong(i -> i < size ? Math.abs(i) : 2 * (size - 1) - i)
                .toArray();
    }
}
