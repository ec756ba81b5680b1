package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// All pairs of the vectors `x_i` of one sample, `[V, N, K]`, with the vectors `y_j` of another, `[V, M, K]`, or with
/// its own. Memory is `O(V N M)`.
///
/// @param products `<x_i, y_j>`, `[V, N, M]`
/// @param rows `|x_i|^2`, `[V, N, 1]`
/// @param columns `|y_j|^2`, `[V, 1, M]`
public record Pairs(Value products, Value rows, Value columns) {
    static Pairs of(Value x) {
        var norms = squares(x);
        return new Pairs(x.matmul(x, false, true, 1), norms, row(norms));
    }

    /// Pairs of two samples.
    public static Pairs between(Value x, Value y) {
        return new Pairs(x.matmul(y, false, true, 1), squares(x), row(squares(y)));
    }

    /// `|x_i|^2`, `[V, N, 1]`
    public static Value squares(Value x) {
        return x.square().sum(true, 2);
    }

    private static Value row(Value squares) {
        return squares.reshape(squares.dim(0), 1, squares.dim(1));
    }

    /// `|x_i - y_j|^2`
    Value squaredDistances() {
        return rows.add(columns).sub(products.mul(2));
    }

    /// `|x_i + y_j|^2`
    Value squaredSums() {
        return rows.add(columns).add(products.mul(2));
    }
}
