package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import org.bytedeco.dnnl.memory;

/// How a matrix lies in memory: element `(i, j)` at `i rowStride + j columnStride`.
record Matrix(DType type, long rows, long columns, long rowStride, long columnStride) {
    /// Row after row.
    static Matrix of(DType type, long rows, long columns) {
        return new Matrix(type, rows, columns, columns, 1);
    }

    Matrix transposed() {
        return new Matrix(type, columns, rows, columnStride, rowStride);
    }

    /// Some rows of it.
    Matrix ofRows(long count) {
        return new Matrix(type, count, columns, rowStride, columnStride);
    }

    /// Some columns of it.
    Matrix ofColumns(long count) {
        return new Matrix(type, rows, count, rowStride, columnStride);
    }

    /// Bytes before a row.
    long row(long i) {
        return i * rowStride * type.bytes();
    }

    /// Bytes before a column.
    long column(long j) {
        return j * columnStride * type.bytes();
    }

    memory.desc layout() {
        return OneDnn.matrix(type, rows, columns, rowStride, columnStride);
    }
}
