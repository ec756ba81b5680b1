package dev.lejepa.tools.stat;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.npy.NpyMatrix;
import dev.lejepa.graphs.npy.NpyMatrixWriter;
import dev.lejepa.runtime.engine.Engine;
import java.util.Map;
import java.util.Objects;

/// The projections of embeddings onto directions, computed in blocks of rows and groups of directions.
final class Projections implements ColumnSource, AutoCloseable {
    private static final int BLOCK = 1 << 13;
    private static final int GROUP = 64;

    private final NpyMatrix matrix;
    private final Directions directions;
    private final int block;
    private final int group;
    private final FloatGraph forward;
    private final FloatGraph backward;

    Projections(Engine engine, NpyMatrix matrix, Directions directions) {
        this.matrix = matrix;
        this.directions = directions;
        this.block = (int) Math.min(BLOCK, matrix.rows());
        this.group = Math.min(GROUP, directions.count());
        this.forward = new FloatGraph(engine, product("project", directions.d(), false));
        this.backward = new FloatGraph(engine, product("spread", group, true));
    }

    /// `[block, inner]` times the directions `[d, group]`, or their transpose.
    private Graph product(String name, int inner, boolean transposed) {
        var g = new Graph(name);
        var x = g.input("x", Type.f32(block, inner));
        var a = g.input("a", Type.f32(directions.d(), group));
        g.output("y", x.gemm(a, false, transposed));
        return g;
    }

    @Override
    public int rows() {
        return Math.toIntExact(matrix.rows());
    }

    @Override
    public int count() {
        return directions.count();
    }

    @Override
    public void read(int first, int width, float[] out, int stride) {
        var d = directions.d();
        var x = new float[block * d];
        for (var row = 0; row < rows(); row += block) {
            var found = Math.min(block, rows() - row);
            matrix.read(row, found, 0, d, x, d);
            for (var s = 0; s < width; s += group) {
                var some = Math.min(group, width - s);
                var y = run(forward, x, first + s, some);
                for (var i = 0; i < found; i++) {
                    System.arraycopy(y, i * group, out, (row + i) * stride + s, some);
                }
            }
        }
    }

    @Override
    public void backward(int first, int width, float[] gradient, int stride, NpyMatrixWriter out) {
        var d = directions.d();
        for (var row = 0; row < rows(); row += block) {
            var found = Math.min(block, rows() - row);
            for (var s = 0; s < width; s += group) {
                var some = Math.min(group, width - s);
                var part = new float[block * group];
                for (var i = 0; i < found; i++) {
                    System.arraycopy(gradient, (row + i) * stride + s, part, i * group, some);
                }
                var x = run(backward, part, first + s, some);
                for (var i = 0; i < found; i++) {
                    for (var j = 0; j < d; j++) {
                        out.add(row + i, j, x[i * d + j]);
                    }
                }
            }
        }
    }

    private float[] run(FloatGraph graph, float[] x, int first, int width) {
        var a = new float[directions.d() * group];
        for (var i = 0; i < directions.d(); i++) {
            System.arraycopy(directions.values(), i * directions.count() + first, a, i * group, width);
        }
        return Objects.requireNonNull(graph.run(Map.of("x", x, "a", a)).get("y"));
    }

    @Override
    public void close() {
        forward.close();
        backward.close();
    }
}
