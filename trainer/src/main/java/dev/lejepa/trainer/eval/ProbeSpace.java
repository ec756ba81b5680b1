package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.runtime.engine.Engine;
import java.lang.foreign.MemorySegment;

/// The coordinates that a linear probe is trained in: rows normalized as by a LayerNorm without scale and shift, their
/// columns with mean 0 and variance 1, turned to the principal axes of the training rows. All but the LayerNorm is one
/// linear map that the classifier could undo, so the classifiers to choose from stay those of the features; but along
/// its axes the loss is curved alike for all features together, and AdamW, whose steps adapt to each coordinate,
/// reaches in a few passes what takes it hundreds on columns that vary together.
///
/// @param mean of the columns of normalized rows
/// @param scale what their deviation is divided by, inverted
/// @param axes `[columns, width]`, or empty where rows and columns are too many: columns are then not turned
/// @param width coordinates of a row
record ProbeSpace(float[] mean, float[] scale, float[] axes, int width) {
    /// The largest matrix of which principal axes are computed: 2,048 take about 20 s.
    static final int MOST_AXES = 2048;

    private static final double EPSILON = 1e-5;

    /// Below this fraction of the mean, a spread is rounding of single-precision values, not variation.
    private static final double ROUNDING = 1e-6;

    /// @param rows of `x` that train
    static ProbeSpace of(Engine engine, Features x, int[] rows) {
        var columns = x.columns();
        var mean = new double[columns];
        var squares = new double[columns];
        var line = new float[columns];
        for (var row : rows) {
            normalize(x, row, line);
            for (var j = 0; j < columns; j++) {
                mean[j] += line[j];
            }
        }
        for (var j = 0; j < columns; j++) {
            mean[j] /= rows.length;
        }
        for (var row : rows) {
            normalize(x, row, line);
            for (var j = 0; j < columns; j++) {
                var d = line[j] - mean[j];
                squares[j] += d * d;
            }
        }
        var shift = new float[columns];
        var scale = new float[columns];
        for (var j = 0; j < columns; j++) {
            shift[j] = (float) mean[j];
            var deviation = Math.sqrt(squares[j] / rows.length);
            scale[j] = deviation <= ROUNDING * Math.abs(mean[j]) || deviation == 0 ? 0 : (float) (1 / deviation);
        }
        var plain = new ProbeSpace(shift, scale, new float[0], columns);
        if (Math.min(rows.length, columns) > MOST_AXES) {
            return plain;
        }
        var standard = plain.standardized(x.take(rows));
        var axes =
                rows.length < columns ? ProbeAxes.ofFewRows(engine, standard) : ProbeAxes.ofManyRows(engine, standard);
        // rows that are all alike have no axes
        return axes.length == 0 ? plain : new ProbeSpace(shift, scale, axes, axes.length / columns);
    }

    /// The coordinates of all rows of `x`, `[rows, width]`.
    Features apply(Engine engine, Features x) {
        if (x.columns() != mean.length) {
            throw new IllegalArgumentException(Text.format("%d columns, made for %d", x.columns(), mean.length));
        }
        var standard = standardized(x);
        return axes.length == 0 ? standard : turned(engine, standard);
    }

    private Features standardized(Features x) {
        var columns = x.columns();
        var out = new float[x.values().length];
        var line = new float[columns];
        for (var row = 0; row < x.rows(); row++) {
            normalize(x, row, line);
            for (var j = 0; j < columns; j++) {
                out[row * columns + j] = (line[j] - mean[j]) * scale[j];
            }
        }
        return new Features(out, x.rows(), columns);
    }

    private Features turned(Engine engine, Features standard) {
        var block = Blocks.of(standard.rows());
        var out = new RowBuffer(standard.rows(), width);
        var g = new Graph("turn");
        g.output(
                "y",
                g.input("x", Type.f32(block.size(), standard.columns()))
                        .gemm(g.input("axes", Type.f32(standard.columns(), width)), false, false));
        try (var tensors = new EngineTensors(engine);
                var graph = new EngineGraph(g, tensors)) {
            tensors.of("axes").copyFrom(MemorySegment.ofArray(axes));
            block.each((from, count) -> {
                tensors.putRows("x", standard, Blocks.inOrder(standard.rows()), from, count);
                graph.run();
                out.add(tensors.of("y"), count);
            });
        }
        return out.features();
    }

    private static void normalize(Features x, int row, float[] out) {
        var n = out.length;
        var sum = 0.0;
        for (var j = 0; j < n; j++) {
            sum += x.at(row, j);
        }
        var mean = sum / n;
        var squares = 0.0;
        for (var j = 0; j < n; j++) {
            var d = x.at(row, j) - mean;
            squares += d * d;
        }
        var scale = 1 / Math.sqrt(squares / n + EPSILON);
        for (var j = 0; j < n; j++) {
            out[j] = (float) ((x.at(row, j) - mean) * scale);
        }
    }
}
