package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;

/// What a product with a formula takes on a device, in milliseconds.
///
/// @param product name of the operator
/// @param rows of the product
/// @param columns of the product
/// @param depth length of its sums
/// @param nodes how many of them a graph has
/// @param fused by the kernel of both
/// @param apart by the library's product, and the formula after it
record ProductTimes(String product, long rows, long columns, long depth, int nodes, double fused, double apart) {
    String describe() {
        return Text.format(
                "%s of %d x %d x %d, %d times: %.3f, %.3f", product, rows, columns, depth, nodes, fused, apart);
    }
}
