package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Sliding;
import org.bytedeco.dnnl.memory;

/// The sizes of a window that moves over maps `[N, H, W, C]`.
record PoolShape(DType type, Sliding sliding, long n, long c, long h, long w, long oh, long ow, long kh, long kw) {
    static PoolShape ofMaps(DType type, Sliding s, long[] x, long[] kernel) {
        var oh = s.rows(x[1], kernel[0]);
        var ow = s.columns(x[2], kernel[1]);
        return new PoolShape(type, s, x[0], x[3], x[1], x[2], oh, ow, kernel[0], kernel[1]);
    }

    /// @param rest rows and columns of the maps that the last place of the window does not reach
    static PoolShape ofResult(DType type, Sliding s, long[] y, long[] kernel, long[] rest) {
        var h = s.rowsUnder(y[1], kernel[0], rest[0]);
        var w = s.columnsUnder(y[2], kernel[1], rest[1]);
        return new PoolShape(type, s, y[0], y[3], h, w, y[1], y[2], kernel[0], kernel[1]);
    }

    /// The same for another number of images.
    PoolShape of(long images) {
        return new PoolShape(type, sliding, images, c, h, w, oh, ow, kh, kw);
    }

    long[] kernel() {
        return new long[] {kh, kw};
    }

    memory.desc maps() {
        return OneDnn.maps(type, n, c, h, w);
    }

    memory.desc result() {
        return OneDnn.maps(type, n, c, oh, ow);
    }
}
