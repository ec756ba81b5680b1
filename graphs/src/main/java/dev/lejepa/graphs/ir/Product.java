package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import java.util.List;

/// Products of matrices.
public sealed interface Product extends Op {
    /// `alpha op(a) op(b)` over the last two axes; leading axes broadcast.
    ///
    /// @param transA whether the last two axes of `a` are exchanged first
    /// @param transB likewise for `b`
    /// @param alpha factor of the product
    record MatMul(boolean transA, boolean transB, double alpha) implements Product {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            return List.of(OpRules.matmul(in.get(0), in.get(1), transA, transB));
        }
    }

    /// `op(a) op(b) + c` of matrices; `c`, if given, is a float32 row `[cols]` added to each row.
    ///
    /// @param result element type of the result: that of `a` and `b`, or float32, the type that products are summed in
    record Gemm(boolean transA, boolean transB, DType result) implements Product {
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
}
