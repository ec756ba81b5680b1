package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.runtime.engine.Engine;
import java.lang.foreign.MemorySegment;
import org.ejml.data.DMatrixRMaj;

/// The axes along which standardized rows vary, `[columns, width]`, strongest first; none without variation.
final class ProbeAxes {
    /// Below this fraction of the largest variance there is only rounding.
    private static final double NOTHING = 1e-9;

    private ProbeAxes() {}

    /// From the columns' covariance.
    static float[] ofManyRows(Engine engine, Features x) {
        var eigen = SymmetricEigen.of(products(engine, x, true));
        var width = eigen.above(NOTHING);
        var axes = new float[x.columns() * width];
        for (var i = 0; i < width; i++) {
            var vector = eigen.vector(i);
            for (var j = 0; j < x.columns(); j++) {
                axes[j * width + i] = (float) vector[j];
            }
        }
        return axes;
    }

    /// From the rows' products, which are fewer: an axis is a mixture of rows.
    static float[] ofFewRows(Engine engine, Features x) {
        var eigen = SymmetricEigen.of(products(engine, x, false));
        var width = eigen.above(NOTHING);
        var shares = new float[x.rows() * width];
        for (var i = 0; i < width; i++) {
            var vector = eigen.vector(i);
            var length = Math.sqrt(eigen.value(i));
            for (var r = 0; r < x.rows(); r++) {
                shares[r * width + i] = (float) (vector[r] / length);
            }
        }
        var g = new Graph("axes");
        g.output(
                "axes",
                g.input("x", Type.f32(x.rows(), x.columns()))
                        .gemm(g.input("shares", Type.f32(x.rows(), width)), true, false));
        try (var tensors = new EngineTensors(engine);
                var graph = new EngineGraph(g, tensors)) {
            tensors.of("x").setFloats(x.values());
            tensors.of("shares").setFloats(shares);
            graph.run();
            return tensors.of("axes").toFloats();
        }
    }

    /// `x^T x`, summed over blocks in double precision, or `x x^T`.
    private static DMatrixRMaj products(Engine engine, Features x, boolean ofColumns) {
        var block = ofColumns ? Blocks.of(x.rows()) : new Blocks(x.rows(), x.rows());
        var n = ofColumns ? x.columns() : x.rows();
        var sums = new double[n * n];
        var part = new float[n * n];
        var g = new Graph("products");
        var input = g.input("x", Type.f32(block.size(), x.columns()));
        g.output("products", input.gemm(input, ofColumns, !ofColumns));
        try (var tensors = new EngineTensors(engine);
                var graph = new EngineGraph(g, tensors)) {
            var order = Blocks.inOrder(x.rows());
            block.each((from, count) -> {
                if (count < block.size()) {
                    tensors.of("x").zero();
                }
                tensors.putRows("x", x, order, from, count);
                graph.run();
                tensors.of("products").copyTo(MemorySegment.ofArray(part));
                for (var i = 0; i < part.length; i++) {
                    sums[i] += part[i];
                }
            });
        }
        return DMatrixRMaj.wrap(n, n, sums);
    }
}
