package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.ir.Shape;

/// Products of matrices, of stacks of them and in batches.
final class ProductOpCases {
    private ProductOpCases() {}

    static void addTo(OpCaseList cases) {
        products(cases);
    }

    private static void products(OpCaseList cases) {
        for (var alpha : new double[] {1, 0.125}) {
            for (var transA : new boolean[] {false, true}) {
                for (var transB : new boolean[] {false, true}) {
                    products(cases, transA, transB, alpha);
                }
            }
        }
        cases.one(
                "MatMul",
                "of a batch and a matrix",
                f -> f.normal(Shape.batched(1, 5, 4)).matmul(f.normal(6, 4), false, true, 0.5));
        cases.one(
                "MatMul",
                "of batches",
                f -> f.normal(Shape.batched(1, 2, 5, 4)).matmul(f.normal(Shape.batched(1, 2, 6, 4)), false, true, 0.5));
        cases.one("Gemm", "with a row", f -> f.normal(5, 4).gemm(f.normal(6, 4), false, true, f.normal(6)));
        cases.one("Gemm", "without a row", f -> f.normal(4, 5).gemm(f.normal(4, 6), true, false));
        cases.one(
                "Gemm",
                "in a batch",
                f -> f.normal(Shape.batched(5, 4)).gemm(f.normal(6, 4), false, true, f.normal(6)));
    }

    private static void products(OpCaseList cases, boolean transA, boolean transB, double alpha) {
        var what = "transA %s transB %s alpha %s, ".formatted(transA, transB, alpha);
        var a = transA ? new long[] {4, 5} : new long[] {5, 4};
        var b = transB ? new long[] {6, 4} : new long[] {4, 6};
        cases.one("MatMul", what + "matrices", f -> f.normal(a).matmul(f.normal(b), transA, transB, alpha));
        cases.one(
                "MatMul",
                what + "stacks",
                f -> f.normal(2, 3, a[0], a[1]).matmul(f.normal(2, 3, b[0], b[1]), transA, transB, alpha));
        cases.one(
                "MatMul",
                what + "stack and matrix",
                f -> f.normal(3, a[0], a[1]).matmul(f.normal(b), transA, transB, alpha));
        cases.one(
                "MatMul",
                what + "matrix and stack",
                f -> f.normal(a).matmul(f.normal(3, b[0], b[1]), transA, transB, alpha));
    }
}
