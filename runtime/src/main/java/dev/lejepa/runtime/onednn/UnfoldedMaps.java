package dev.lejepa.runtime.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.host.RoundedTile;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;

/// What the window of a convolution reads of maps `[N, H, W, C]` at each place of the result: rows of `[N OH OW, C kh
/// kw]` in the order of a filter's weights, 0 beyond the maps' edges. It knows the places of a shape and holds no
/// numbers, so all nodes and threads may share one.
final class UnfoldedMaps {
    private final ConvShape s;
    private final int mapSize;
    /// For each place of an image, where in its maps the elements of the row are; beyond them, where there is none.
    private final int[][] sources;

    UnfoldedMaps(ConvShape s) {
        this.s = s;
        this.mapSize = Math.toIntExact(s.mapSize());
        this.sources = new int[Math.toIntExact(s.oh() * s.ow())][Math.toIntExact(s.c() * s.kh() * s.kw())];
        for (var place = 0; place < sources.length; place++) {
            var taps = Math.toIntExact(s.kh() * s.kw());
            for (var tap = 0; tap < taps; tap++) {
                fill(sources[place], tap, taps, pixel(place, tap));
            }
        }
    }

    private void fill(int[] row, int tap, int taps, long pixel) {
        for (var c = 0; c * taps < row.length; c++) {
            row[c * taps + tap] = pixel < 0 ? mapSize : Math.toIntExact(pixel * s.c() + c);
        }
    }

    /// The pixel of the maps that an element of the window lies on; -1 beyond the edges.
    private long pixel(int place, int tap) {
        var w = s.sliding();
        var row = place / s.ow() * w.strideH() - w.top() + tap / s.kw() * w.dilationH();
        var column = place % s.ow() * w.strideW() - w.left() + tap % s.kw() * w.dilationW();
        return row >= 0 && row < s.h() && column >= 0 && column < s.w() ? row * s.w() + column : -1;
    }

    /// Elements of a row.
    long width() {
        return sources[0].length;
    }

    /// Elements of all rows.
    long size() {
        return s.places() * width();
    }

    /// Writes the rows of maps, of the same type.
    void unfold(KernelCall call, long maps, long rows) {
        var bytes = s.type().bytes();
        var from = OneDnn.memory(maps, s.n() * mapSize * bytes);
        var to = OneDnn.memory(rows, size() * bytes);
        call.parallel(Math.toIntExact(s.n()), image -> {
            if (s.type() == DType.FLOAT32) {
                unfoldFloats(from, image, to);
            } else {
                unfoldHalves(from, image, to);
            }
        });
    }

    private void unfoldFloats(MemorySegment from, long image, MemorySegment to) {
        var map = new float[mapSize + 1];
        MemorySegment.copy(from, JAVA_FLOAT, image * mapSize * Float.BYTES, map, 0, mapSize);
        var row = new float[sources[0].length];
        for (var place = 0; place < sources.length; place++) {
            var source = sources[place];
            for (var i = 0; i < row.length; i++) {
                row[i] = map[source[i]];
            }
            MemorySegment.copy(row, 0, to, JAVA_FLOAT, start(image, place) * Float.BYTES, row.length);
        }
    }

    private void unfoldHalves(MemorySegment from, long image, MemorySegment to) {
        var map = new short[mapSize + 1];
        MemorySegment.copy(from, JAVA_SHORT, image * mapSize * Short.BYTES, map, 0, mapSize);
        var row = new short[sources[0].length];
        for (var place = 0; place < sources.length; place++) {
            var source = sources[place];
            for (var i = 0; i < row.length; i++) {
                row[i] = map[source[i]];
            }
            MemorySegment.copy(row, 0, to, JAVA_SHORT, start(image, place) * Short.BYTES, row.length);
        }
    }

    /// The first element of a row.
    private long start(long image, int place) {
        return (image * sources.length + place) * width();
    }

    /// Adds float32 rows up to maps: what is read at several places is the sum of these.
    ///
    /// @param type of the maps
    void fold(KernelCall call, long rows, DType type, long maps) {
        var from = OneDnn.memory(rows, size() * Float.BYTES);
        var to = OneDnn.memory(maps, s.n() * mapSize * type.bytes());
        call.parallel(Math.toIntExact(s.n()), image -> {
            var map = sums(from, image);
            if (type == DType.FLOAT32) {
                MemorySegment.copy(map, 0, to, JAVA_FLOAT, (long) image * mapSize * Float.BYTES, mapSize);
            } else {
                new RoundedTile(mapSize).store(map, to, (long) image * mapSize, mapSize);
            }
        });
    }

    private float[] sums(MemorySegment from, long image) {
        var map = new float[mapSize + 1];
        var row = new float[sources[0].length];
        for (var place = 0; place < sources.length; place++) {
            MemorySegment.copy(from, JAVA_FLOAT, start(image, place) * Float.BYTES, row, 0, row.length);
            var source = sources[place];
            for (var i = 0; i < row.length; i++) {
                map[source[i]] += row[i];
            }
        }
        return map;
    }
}
