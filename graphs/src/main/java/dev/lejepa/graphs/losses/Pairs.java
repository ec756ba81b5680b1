package dev.lejepa.graphs.losses;

import dev.lejepa.graphs.ir.Value;

/// Formulas over all pairs of the vectors of a sample, `[V, N, K]`. Memory is `O(V N^2)`.
///
/// @param products `<x_i, x_j>`, `[V, N, N]`
/// @param rows `|x_i|^2`, `[V, N, 1]`
/// @param columns `|x_j|^2`, `[V, 1, N]`
record Pairs(Value products, Value rows, Value columns) {
    static Pairs of(Value x) {
        var norms = x.square().sum(true, 2);
        return new Pairs(x.matmul(x, false, true, 1), norms, norms.reshape(norms.dim(0), 1, norms.dim(1)));
    }

    /// `|x_i - x_j|^2`
    Value squaredDistances() {
        return rows.add(columns).sub(products.mul(2));
    }

    /// `|x_i + x_j|^2`
    Value squaredSums() {
        return rows.add(columns).add(products.mul(2));
    }

    /// The mean over pairs of each sample, `[V]`.
    static Value mean(Value pairs) {
        return pairs.mean(false, 1, 2);
    }
}
