package dev.lejepa.runtime.host;

import dev.lejepa.runtime.kernel.KernelCall;

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

    /// Computes `y` from `x`, numbers below `least` replaced by it.
    void apply(KernelCall call, RowPieces rows, long x, long y, float least) {
        var slopes = rows.tiled(a);
        var starts = rows.tiled(b);
        rows.runBack(call, () -> {
            var from = rows.at(x);
            var to = rows.at(y);
            var tile = rows.tile();
            return (_, first, end) -> {
                for (var row = first; row < end; row += rows.tileRows()) {
                    var n = rows.tileSize(row, end);
                    from.load(row * rows.channels(), tile, n);
                    for (var l = 0; l < tile.count(); l++) {
                        apply(tile.lane(l), slopes.lane(l), starts.lane(l), least, tile.length(l, n));
                    }
                    to.store(tile, row * rows.channels(), n);
                }
            };
        });
    }

    private static void apply(float[] x, float[] a, float[] b, float least, int n) {
        for (var i = 0; i < n; i++) {
            x[i] = Math.max(Math.fma(x[i], a[i], b[i]), least);
        }
    }
}
