package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;
import static dev.lejepa.graphs.ir.OpRules.elementwise;
import static dev.lejepa.graphs.ir.OpRules.equalDims;
import static dev.lejepa.graphs.ir.OpRules.equalShapes;
import static dev.lejepa.graphs.ir.OpRules.reduced;

import dev.lejepa.graphs.Text;
import java.util.List;

/// What a node computes: a closed set of records that hold attributes and say how result types follow from operand
/// types. Gradients, lowering, reference kernels and costs are exhaustive switches over this set in other packages.
public sealed interface Op {
    /// The result types for these operand types.
    ///
    /// @throws ShapeException if the operands do not fit
    List<Type> infer(List<Type> in);

    /// The operator's name, as ONNX has it where ONNX has the operator.
    default String name() {
        return getClass().getSimpleName();
    }

    /// One operand, one result of the same shape, computed element by element.
    sealed interface Unary extends Op {
        @Override
        default List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(in.getFirst());
        }
    }

    /// Two operands that broadcast as NumPy's do.
    sealed interface Binary extends Op {
        @Override
        default List<Type> infer(List<Type> in) {
            arity(in, 2);
            return elementwise(in.get(0), in.get(1));
        }
    }

    /// What has no gradient itself: derivatives of composite operators above all, and what passes make of a graph that
    /// is differentiated already.
    sealed interface Backward extends Op {}

    // ---- leaves

    /// A value fed at every run: parameters, batches, random draws, learning rates.
    record Input(String label, Type type) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 0);
            return List.of(type);
        }
    }

    /// A tensor that is part of the graph.
    record Constant(Tensor value) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 0);
            return List.of(value.type());
        }
    }

    // ---- element by element

    record Neg() implements Unary {}

    record Exp() implements Unary {}

    record Log() implements Unary {}

    record Sqrt() implements Unary {}

    record Reciprocal() implements Unary {}

    record Sin() implements Unary {}

    record Cos() implements Unary {}

    record Erf() implements Unary {}

    record Relu() implements Unary {}

    record Sign() implements Unary {}

    record Abs() implements Unary {}

    /// The operand itself; no gradient passes.
    record StopGradient() implements Unary {}

    record Cast(DType to) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(new Type(to, in.getFirst().shape()));
        }
    }

    record Add() implements Binary {}

    record Sub() implements Binary {}

    record Mul() implements Binary {}

    record Div() implements Binary {}

    // ---- products and sums

    /// `alpha op(a) op(b)` over the last two axes; leading axes broadcast.
    ///
    /// @param transA whether the last two axes of `a` are exchanged first
    /// @param transB likewise for `b`
    /// @param alpha factor of the product
    record MatMul(boolean transA, boolean transB, double alpha) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            return List.of(OpRules.matmul(in.get(0), in.get(1), transA, transB));
        }
    }

    /// `op(a) op(b) + c` of matrices; `c`, if given, is a float32 row `[cols]` added to each row.
    ///
    /// @param result element type of the result: that of `a` and `b`, or float32, the type that products are summed in
    record Gemm(boolean transA, boolean transB, DType result) implements Op {
        /// A product of float32 matrices.
        public Gemm(boolean transA, boolean transB) {
            this(transA, transB, DType.FLOAT32);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            OpRules.arity(in, 2, 3);
            return List.of(OpRules.gemm(in, transA, transB, result));
        }
    }

    /// The sum over `axes` (numbers from 0, ascending).
    record ReduceSum(List<Integer> axes, boolean keepDims) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(reduced(in.getFirst(), axes, keepDims));
        }
    }

    /// The mean over `axes` (numbers from 0, ascending).
    record ReduceMean(List<Integer> axes, boolean keepDims) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(reduced(in.getFirst(), axes, keepDims));
        }
    }

    // ---- layout

    record Reshape(Shape shape) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.reshape(in.getFirst(), shape));
        }
    }

    /// Axis `i` of the result is axis `perm[i]` of the operand. A batched leading axis stays where it is.
    record Transpose(List<Integer> perm) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.transpose(in.getFirst(), perm));
        }
    }

    /// Elements `start` to `end` (exclusive) of one axis.
    record Slice(int axis, long start, long end) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.slice(in.getFirst(), axis, start, end));
        }
    }

    /// One axis cut into pieces of these sizes.
    record Split(int axis, List<Long> sizes) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.split(in.getFirst(), axis, sizes);
        }
    }

    /// Zeros before and after one axis.
    record Pad(int axis, long before, long after) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.pad(in.getFirst(), axis, before, after));
        }
    }

    record Concat(int axis) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            return List.of(OpRules.concat(in, axis));
        }
    }

    /// The operand broadcast to `shape`.
    record Expand(Shape shape) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return List.of(OpRules.expand(in.getFirst(), shape));
        }
    }

    // ---- composites with a gradient of their own

    /// `exp(x - max) / sum exp(x - max)` over the last axis.
    record Softmax() implements Unary {}

    /// `(dy, y)` to `y (dy - sum(dy y))`, the sum over the last axis.
    record SoftmaxGrad() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
        }
    }

    /// Scaled dot-product attention of every token to every other: `qkv [N, T, 3 H d]`, rows ordered `[3][head][d]`,
    /// to the context `softmax(q k^T / sqrt(d)) v`, `[N, T, H d]`, and the logarithm of softmax's denominators,
    /// float32 `[N, H, T]`.
    record Attention(int heads) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.attention(in.getFirst(), heads);
        }
    }

    /// `(dcontext, qkv, context, log denominators)` to the gradient with respect to `qkv`.
    record AttentionGrad(int heads) implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 4);
            equalShapes(in.get(0), in.get(2));
            return List.of(in.get(1));
        }
    }

    /// `x Phi(x)` with the exact normal distribution function.
    record Gelu() implements Unary {}

    /// `(dy, x)` to `dy (Phi(x) + x phi(x))`.
    record GeluGrad() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1));
        }
    }

    /// `(x, scale, bias)` to `(y, mean, inverse standard deviation)` over the last axis; the statistics keep that axis
    /// with length 1, use the biased variance and are float32.
    ///
    /// @param result element type that `y` is rounded to
    record LayerNorm(double epsilon, DType result) implements Op {
        /// The norm with a float32 result.
        public LayerNorm(double epsilon) {
            this(epsilon, DType.FLOAT32);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            return OpRules.layerNorm(in, result);
        }
    }

    /// `(dy, x, scale, mean, inverse standard deviation)` to `(dx, dscale, dbias)`.
    record LayerNormGrad() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1), in.get(2), in.get(2));
        }
    }

    /// Training-mode BatchNorm of rows: `(x [R, C], scale, bias, running mean, running variance)` to
    /// `(y, new running mean, new running variance, batch mean, inverse standard deviation)`. Rows are normalized by
    /// the biased batch variance; the running variance takes the unbiased one, as torch's does.
    ///
    /// @param momentum weight of the batch in the running statistics (torch's meaning: 0.1)
    record BatchNorm(double epsilon, double momentum) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            return OpRules.batchNorm(in);
        }
    }

    /// `(dy, x, scale, batch mean, inverse standard deviation)` to `(dx, dscale, dbias)`.
    record BatchNormGrad() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 5);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(1), in.get(2), in.get(2));
        }
    }

    /// The empirical characteristic function of each column: `x [..., N, S]` to `(C, S) [..., P, S]` with
    /// `C[j] = mean_n cos(j step x_n)` and `S[j] = mean_n sin(j step x_n)` for `j = 0 .. P-1`. Memory is `O(N S + P S)`.
    ///
    /// @param knots `P`
    /// @param step distance of two knots
    record Ecf(int knots, double step) implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.ecf(in.getFirst(), knots);
        }
    }

    /// `(dC, dS, x)` to the gradient of [Ecf] with respect to `x`.
    record EcfGrad(int knots, double step) implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            equalShapes(in.get(0), in.get(1));
            return List.of(in.get(2));
        }
    }

    /// The logarithm of the standard normal distribution function, exact far into its lower tail.
    record LogNdtr() implements Unary {}

    /// Each column in ascending order: `x [..., N, S]` to the sorted values and the int64 permutation that sorts,
    /// `sorted[i] = x[permutation[i]]` along axis -2.
    record Sort() implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 1);
            return OpRules.sort(in.getFirst());
        }
    }

    /// `(dsorted, permutation)` to the gradient of [Sort] with respect to `x`: every value back in its row.
    record Unsort() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            equalDims(in.get(0), in.get(1));
            return List.of(in.getFirst());
        }
    }

    /// `(logits [R, C], labels int64 [R])` to `(mean of -log softmax[label], log softmax [R, C])`.
    record SoftmaxCrossEntropy() implements Op {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            return OpRules.crossEntropy(in);
        }
    }

    /// `(dloss, log softmax [R, C], labels [R])` to the gradient with respect to the logits.
    record SoftmaxCrossEntropyGrad() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 3);
            return List.of(in.get(1));
        }
    }

    // ---- order

    /// `(value, after)` to the value as it is, available once `after` is: what reads it cannot run before.
    record Barrier() implements Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            if (in.getFirst().shape().rank() == 0) {
                throw new ShapeException("a scalar cannot wait");
            }
            return List.of(in.getFirst());
        }
    }

    // ---- several at once

    /// A formula of elementary operators over columns `[..., N, S]` that is computed in one pass, so that nothing
    /// between its inputs and its outputs is ever held in memory. Outputs have the columns' shape, or are sums or means
    /// of it over axis -2.
    ///
    /// @param formula a graph whose inputs are the operands and whose outputs are the results, in their order; nodes in
    ///     the scope [#AGAIN] repeat what another formula of the graph computes too
    record Fused(Graph formula) implements Backward {
        public static final String AGAIN = "again";

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, formula.inputs().size());
            var expected = formula.inputs().values().stream().map(Value::type).toList();
            if (!in.equals(expected)) {
                throw new ShapeException(Text.format("operands must be %s, found %s", expected, in));
            }
            return formula.outputs().values().stream().map(Value::type).toList();
        }

        @Override
        public String toString() {
            return Text.format("Fused[%d nodes]", formula.nodes().size());
        }
    }

    // ---- optimizer

    /// One AdamW update: `(lr [], step int64 [1], weight, gradient, moment1, moment2)` to the new
    /// `(weight, moment1, moment2)`. `step` counts from 1. Decoupled decay, bias correction as torch.optim.AdamW.
    ///
    /// @param copy whether a seventh operand is the weight's bfloat16 copy, and a fourth result the new one
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay, boolean copy) implements Backward {
        /// An update of the weight alone.
        public AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
            this(beta1, beta2, epsilon, weightDecay, false);
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, copy ? 7 : 6);
            for (var i = 3; i < 6; i++) {
                equalShapes(in.get(2), in.get(i));
            }
            var weight = in.get(2);
            if (copy) {
                equalShapes(in.get(6), new Type(DType.BFLOAT16, weight.shape()));
            }
            return copy ? List.of(weight, in.get(4), in.get(5), in.get(6)) : List.of(weight, in.get(4), in.get(5));
        }
    }
}
