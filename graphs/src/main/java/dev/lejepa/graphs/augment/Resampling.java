package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.stream.IntStream;

/// PIL's antialiased bilinear resizing as products of matrices, to the last level.
///
/// PIL's weights are triangles: the one of input `c` in output `i` is proportional to
/// `m = max(0, 2 max(n, S) - |(2c + 1) S - (2i + 1) n|)` for `n` pixels resized to `S`, a whole number. They are
/// normalized to a sum of 1 and rounded to 22 bits; sums of products are rounded to levels, after the columns and again
/// after the rows. Here each weight is two halves of 11 bits, and so all products and sums are whole numbers below
/// `2^24`: float32 holds them whatever the order of summation, and operands are short enough for devices that round
/// them to TF32.
final class Resampling {
    /// `2^11`: what the upper half of a weight counts.
    private static final double HALF = 1 << 11;

    private final Graph graph;
    private final CropInput in;

    Resampling(Graph graph, CropInput in) {
        this.graph = graph;
        this.in = in;
    }

    /// The weights of an axis `[rows, S, canvas]`, in two halves.
    private record Weights(Value upper, Value lower) {}

    /// Views `[rows, 3, S, S]`, mirrored where the draws say so.
    ///
    /// @param crops bytes `[rows, canvas, canvas, 3]`
    /// @param draws `[rows, columns]`
    Value resize(Value crops, Value draws) {
        var rows = crops.dim(0);
        long canvas = in.canvas();
        long size = in.size();
        var planes = crops.transpose(0, 3, 1, 2).cast(DType.FLOAT32).reshape(rows, 3 * canvas, canvas);
        var columns = weights(column(DrawColumn.WIDTH, draws), mirrored(column(DrawColumn.FLIP, draws)));
        var narrow =
                levels(planes.matmul(columns.upper(), false, true, 1), planes.matmul(columns.lower(), false, true, 1));
        var down = weights(column(DrawColumn.HEIGHT, draws), outputs());
        var tall = narrow.reshape(rows, 3, canvas, size);
        return levels(stacked(down.upper()).matmul(tall), stacked(down.lower()).matmul(tall));
    }

    private static Value column(DrawColumn column, Value draws) {
        return column.of(draws).reshape(draws.dim(0), 1, 1);
    }

    private static Value stacked(Value weights) {
        return weights.reshape(weights.dim(0), 1, weights.dim(1), weights.dim(2));
    }

    /// `i` for each output `[1, S, 1]`.
    private Value outputs() {
        return graph.constant(Tensor.of(
                Shape.of(1, in.size(), 1),
                IntStream.range(0, in.size()).asDoubleStream().toArray()));
    }

    /// `i`, or `S - 1 - i` where `flip` `[rows, 1, 1]` is 1.
    private Value mirrored(Value flip) {
        var i = outputs();
        return i.add(flip.mul(i.mul(-2).add(in.size() - 1.0)));
    }

    /// @param extent pixels of the crop along the axis, `[rows, 1, 1]`
    /// @param outputs which output each row of the matrix makes, `[1 or rows, S, 1]`
    private Weights weights(Value extent, Value outputs) {
        var places = graph.constant(Tensor.of(
                Shape.of(1, 1, in.canvas()),
                IntStream.range(0, in.canvas()).asDoubleStream().toArray()));
        var inputs = places.mul(2.0 * in.size()).add(in.size()); // (2c + 1) S
        var centers = outputs.mul(2).add(1).mul(extent); // (2i + 1) n
        var reach = extent.max(graph.scalar(in.size())).mul(2); // 2 max(n, S)
        var within = places.compare(Comparison.LESS, extent).cast(DType.FLOAT32);
        var m = reach.sub(inputs.sub(centers).abs()).relu().mul(within); // [rows, S, canvas]
        var sum = m.sum(true, 2);
        var scaled = m.mul(HALF);
        var upper = Levels.truncate(scaled.div(sum));
        var rest = scaled.sub(upper.mul(sum));
        // half up: (rest 2^11) / sum + 1/2
        var lower = Levels.truncate(rest.mul(2 * HALF).add(sum).div(sum.mul(2)));
        return new Weights(upper, lower);
    }

    /// Sums of products with both halves, rounded to levels: `floor((upper 2^11 + lower + 2^21) / 2^22)`.
    private static Value levels(Value upper, Value lower) {
        var whole = Levels.truncate(lower.mul(1 / HALF)).add(upper);
        return Levels.cut(whole.add(HALF / 2).mul(1 / HALF));
    }
}
