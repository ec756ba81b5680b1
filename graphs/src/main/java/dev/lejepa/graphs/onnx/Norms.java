package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.MICROSOFT_KERNELS;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.Reductions.Sums;
import java.util.List;

/// LayerNorm over elementary operators.
final class Norms {
    private Norms() {}

    /// ONNX's own operator; in portable training graphs, which need the statistics, elementary operators. A replayed
    /// run must round as the recorded one did, because one ReLU that opens in one of them and not in the other moves
    /// the losses after it by 1e-4. Between ONNX Runtime 1.24.1 and 1.32.0 `LayerNormalization` is the only operator of
    /// a ViT's step whose last digits differ.
    static List<Ref> layerNorm(Site s, Norm.LayerNorm op) {
        if (op.result() != DType.FLOAT32) {
            return s.has(OwnOperator.LAYER_NORM)
                    ? s.ours(OwnOperator.LAYER_NORM, attribute("epsilon", op.epsilon()))
                    : roundedLayerNorm(s, op);
        }
        if (!s.has(MICROSOFT_KERNELS) && s.lowering().normStatistics()) {
            return s.formula(in -> layerNorm(in, op.epsilon()));
        }
        return s.onnxOptional("LayerNormalization", attribute("axis", -1L), attribute("epsilon", op.epsilon()));
    }

    /// ONNX's operator has one type for what it reads and writes; its result is rounded after it.
    private static List<Ref> roundedLayerNorm(Site s, Norm.LayerNorm op) {
        var wide = new Type(DType.FLOAT32, s.type(0).shape());
        var results = s.nodes(
                "LayerNormalization",
                List.of(wide, s.type(1), s.type(2)),
                s.in(),
                attribute("axis", -1L),
                attribute("epsilon", op.epsilon()));
        return List.of(s.cast(results.get(0), op.result()), results.get(1), results.get(2));
    }

    /// `(x, scale, bias)` to `(y, mean, inverse deviation)`. Neither a power nor a quotient stands in it: with them
    /// ONNX Runtime would recognize the pattern and put its operator back.
    private static List<Value> layerNorm(List<Value> in, double epsilon) {
        var x = in.get(0);
        var last = x.shape().rank() - 1;
        var mean = x.mean(true, last);
        var centered = x.sub(mean);
        var inv = centered.square().mean(true, last).add(epsilon).sqrt().reciprocal();
        return List.of(centered.mul(inv).mul(in.get(1)).add(in.get(2)), mean, inv);
    }

    /// `(dy, x, scale, mean, inverse deviation)` to `(dx, dscale, dbias)`, all rows as one matrix `[R, C]`:
    /// `dx = inv (g - mean(g) - xhat mean(g xhat))` with `g = dy scale` and `xhat = inv (x - mean)`.
    ///
    /// Powers of `inv` are taken on columns `[R, 1]`, and all sums are products: with the row `scale / C` for the
    /// means, with the rows `1` and `inv` for the parameters. At 4112 x 384 on one thread of a CPU this takes 2.6 ms,
    /// with `xhat` written out 3.0, `LayerNormalizationGrad` 12.
    static List<Value> layerNormGradient(List<Value> in) {
        var dy = rows(in.get(0));
        var centered = rows(in.get(1)).sub(rows(in.get(3)));
        var scale = in.get(2);
        var inv = rows(in.get(4));
        var columns = dy.dim(1);
        var weighted = dy.mul(centered);
        var share = scale.reshape(1, columns).mul(1.0 / columns);
        var mean = perRow(dy, share).mul(inv);
        var slope = perRow(weighted, share).mul(inv.mul(inv).mul(inv));
        var dx = dy.mul(scale).mul(inv).sub(centered.mul(slope)).sub(mean);
        return List.of(
                dx.reshape(in.get(1).shape()),
                inv.reshape(1, inv.dim(0)).matmul(weighted).reshape(columns),
                Sums.PRODUCTS.of(dy, 1).reshape(columns));
    }

    /// The scalar product of each row with a row `[1, C]`, as `[R, 1]`. With the row on the left it takes 0.2 ms,
    /// with a column on the right 0.4.
    private static Value perRow(Value matrix, Value row) {
        return row.gemm(matrix, false, true).reshape(matrix.dim(0), 1);
    }

    private static Value rows(Value v) {
        return v.reshape(v.shape().size() / v.dim(-1), v.dim(-1));
    }
}
