package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.KernelCall;

/// Products of matrices, cut by their sizes alone, so that threads change no bits.
final class Products {
    /// Rows or columns of a piece, at least: below, its product does not fill vectors and registers.
    private static final int LEAST = 64;

    /// Pieces, at most.
    private static final int MOST = 8;

    private final SharedWorkspaces<ProductPiece.Key, ProductPiece> workspaces;

    Products(OneDnn library) {
        this.workspaces = library.workspaces(key -> new ProductPiece(library, key));
    }

    /// Pieces into which [#compute] cuts a result of so many rows or columns, whichever are more.
    static Pieces cut(long rows) {
        return Pieces.of(rows, LEAST, MOST);
    }

    /// `a b`, or `a b + row`, in pieces of the result's longer side: the operand along the shorter one, which every
    /// piece brings into an order of its own, is the smaller.
    ///
    /// @param row address of float32 numbers, 0 for none
    void compute(KernelCall call, Matrix a, Matrix b, Matrix y, long atA, long atB, long atY, long row) {
        var columns = y.columns() >= y.rows();
        var cut = cut(Math.max(y.rows(), y.columns()));
        call.parallel(cut.count(), i -> {
            var start = cut.start(i);
            var length = cut.length(i);
            if (columns) {
                var key = new ProductPiece.Key(a, b.ofColumns(length), y.ofColumns(length), row != 0);
                var rowPart = row == 0 ? 0 : row + start * Float.BYTES;
                workspaces.use(key, p -> p.compute(atA, atB + b.column(start), atY + y.column(start), rowPart));
            } else {
                var key = new ProductPiece.Key(a.ofRows(length), b, y.ofRows(length), row != 0);
                workspaces.use(key, p -> p.compute(atA + a.row(start), atB, atY + y.row(start), row));
            }
        });
    }

    /// `a b` in pieces of the sum, whose results lie one after the other.
    ///
    /// @param cut pieces of the columns of `a` and of the rows of `b`
    void computeParts(KernelCall call, Pieces cut, Matrix a, Matrix b, Matrix y, long atA, long atB, long atY) {
        var bytes = y.rows() * y.columns() * y.type().bytes();
        call.parallel(cut.count(), i -> {
            var start = cut.start(i);
            var length = cut.length(i);
            var key = new ProductPiece.Key(a.ofColumns(length), b.ofRows(length), y, false);
            workspaces.use(key, p -> p.compute(atA + a.column(start), atB + b.row(start), atY + i * bytes, 0));
        });
    }
}
