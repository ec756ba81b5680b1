package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;

/// `a x + b` for each channel: what normalization with given statistics is.
record ChannelLine(float[] a, float[] b) {
    static ChannelLine of(float[] scale, float[] bias, float[] mean, float[] inverse) {
        var a = new float[scale.length];
        var b = new float[scale.length];
        for (var i = 0; i < a.length; i++) {
            a[i] = scale[i] * inverse[i];
            b[i] = Math.fma(-mean[i], a[i], bias[i]);
        }
        return new ChannelLine(a, b);
    }

    /// Computes some rows of `y`.
    void apply(DType type, boolean relu, RowPieces rows, long x, long y, long first, long end) {
        var c = rows.channels();
        var from = new Elements(type, x, rows.size());
        var to = new Elements(type, y, rows.size());
        var slopes = rows.tiled(a);
        var starts = rows.tiled(b);
        var tile = new float[slopes.length];
        for (var row = first; row < end; row += rows.tileRows()) {
            var n = (int) Math.min(rows.tileRows(), end - row) * c;
            from.load(row * c, tile, 0, n);
            apply(tile, slopes, starts, n);
            if (relu) {
                Arithmetic.relu(tile, tile, n);
            }
            to.store(tile, 0, row * c, n);
        }
    }

    static void apply(float[] x, float[] a, float[] b, int n) {
        for (var i = 0; i < n; i++) {
            x[i] = Math.fma(x[i], a[i], b[i]);
        }
    }
}
