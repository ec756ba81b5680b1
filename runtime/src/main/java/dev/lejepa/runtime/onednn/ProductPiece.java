package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;

/// A product of matrices by one thread.
final class ProductPiece implements Workspaces.Workspace {
    /// What a piece is for: `a b`, or `a b + row`.
    record Key(Matrix a, Matrix b, Matrix y, boolean plusRow) {}

    private final OneDnn library;
    private final Execution product;

    ProductPiece(OneDnn library, Key key) {
        this.library = library;
        var primitives = new Primitives(library);
        var a = key.a.layout();
        var b = key.b.layout();
        var y = key.y.layout();
        this.product = key.plusRow
                ? primitives.productPlusRow(
                        a, b, y, Matrix.of(DType.FLOAT32, 1, key.y.columns()).layout())
                : primitives.product(a, b, y, 1);
    }

    /// @param row address of the row, 0 for none
    void compute(long a, long b, long y, long row) {
        library.useThisThreadOnly();
        if (row == 0) {
            product.run(a, b, y);
        } else {
            product.run(a, b, y, row);
        }
    }

    @Override
    public void close() {
        product.close();
    }
}
