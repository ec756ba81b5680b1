package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.LAYER_KERNELS;
import static dev.lejepa.graphs.onnx.Target.Capability.MICROSOFT_KERNELS;

import dev.lejepa.graphs.ir.Product;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Matrix products.
final class Products {
    private Products() {}

    /// A plain product is `MatMul`, a transposed or scaled one of matrices `Gemm`, of stacks `FusedMatMul` or, in
    /// standard ONNX, a `MatMul` of transposed operands. `4112 x 1536` times the transpose of `384 x 1536` takes 12.3
    /// ms as `Gemm`, 13.9 as `FusedMatMul`, 21.7 with a `Transpose`; the products of attention (16 x 6 heads, 257
    /// tokens, width 64) take 2.3 to 2.5 ms as `FusedMatMul` whichever operand is transposed, as much as a plain
    /// `MatMul`.
    static List<Ref> matmul(Site s, Product.MatMul m) {
        var a = s.in(0);
        var b = s.in(1);
        if (!m.transA() && !m.transB() && m.alpha() == 1) {
            return s.onnx("MatMul");
        }
        if (a.shape().rank() == 2 && b.shape().rank() == 2) {
            return s.onnx(
                    "Gemm",
                    attribute("alpha", m.alpha()),
                    attribute("transA", m.transA()),
                    attribute("transB", m.transB()));
        }
        if (b.shape().rank() == 2 && !m.transA()) {
            return rows(s, m);
        }
        return s.has(MICROSOFT_KERNELS)
                ? s.fused(
                        "FusedMatMul",
                        attribute("alpha", m.alpha()),
                        attribute("transA", m.transA()),
                        attribute("transB", m.transB()))
                : List.of(transposed(s, m));
    }

    /// On a CPU ONNX Runtime's `Gemm` first copies the row to every row of the result, with one thread, and then adds
    /// the product to it. The engine's own kernel adds it while the product is in registers: a step of ViT-Ti/4 spends
    /// 1,390 ms in these products, with ONNX Runtime's 1,600 (two cores with 234 GFLOP/s).
    static List<Ref> gemm(Site s, Product.Gemm g) {
        var transA = attribute("transA", g.transA());
        var transB = attribute("transB", g.transB());
        if (s.has(OwnOperator.GEMM)) {
            return s.ours(OwnOperator.GEMM, transA, transB);
        }
        return s.has(LAYER_KERNELS) ? cudaGemm(s, transA, transB) : s.onnx("Gemm", transA, transB);
    }

    /// ONNX's `Gemm` has one element type. A bias before a GELU is left to that: ONNX Runtime's `Gemm` writes it to all
    /// rows before it adds the product.
    private static List<Ref> cudaGemm(Site s, AttributeProto transA, AttributeProto transB) {
        var type = s.in(0).type().dtype();
        var operands = new ArrayList<>(s.in());
        var bias = operands.size() == 3 ? Optional.of(s.cast(operands.get(2), type)) : Optional.<Ref>empty();
        var later = bias.isPresent() && Gelus.aloneRead(s.lowering(), s.output());
        if (later) {
            operands.remove(2);
        } else {
            bias.ifPresent(b -> operands.set(2, b));
        }
        var product = s.type().dtype() == type
                ? s.whole("Gemm", operands, transA, transB)
                : List.of(s.cast(
                        s.node("Gemm", new Type(type, s.type().shape()), operands, transA, transB),
                        s.type().dtype()));
        return later ? s.lowering().withoutBias(product, bias.get()) : product;
    }

    /// A stack times one matrix is a product of matrices: all rows of the stack under each other.
    private static List<Ref> rows(Site s, Product.MatMul m) {
        return s.formula(in -> {
            var a = in.get(0);
            var product =
                    a.reshape(a.shape().size() / a.dim(-1), a.dim(-1)).matmul(in.get(1), false, m.transB(), m.alpha());
            return List.of(product.reshape(s.type().shape()));
        });
    }

    /// The factor goes to the smaller operand.
    private static Ref transposed(Site s, Product.MatMul m) {
        var a = m.transA() ? transpose(s, s.in(0)) : s.in(0);
        var b = m.transB() ? transpose(s, s.in(1)) : s.in(1);
        if (m.alpha() != 1) {
            var alpha = s.constant(Tensor.scalar(m.alpha()));
            if (a.shape().size() <= b.shape().size()) {
                a = s.node("Mul", a.type(), List.of(a, alpha));
            } else {
                b = s.node("Mul", b.type(), List.of(b, alpha));
            }
        }
        return s.node("MatMul", s.type(), List.of(a, b));
    }

    private static Ref transpose(Site s, Ref x) {
        var rank = x.shape().rank();
        var perm = IntStream.range(0, rank).boxed().collect(Collectors.toList());
        perm.set(rank - 2, rank - 1);
        perm.set(rank - 1, rank - 2);
        return s.node("Transpose", swapped(x.type()), List.of(x), attribute("perm", perm));
    }

    private static Type swapped(Type t) {
        Shape shape = t.shape();
        return t.withShape(shape.with(-1, shape.dim(-2)).with(-2, shape.dim(-1)));
    }
}
