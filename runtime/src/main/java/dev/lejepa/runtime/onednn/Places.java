package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.MemorySegment;

/// The places of maps `[N, H, W, C]` that a window of 1 x 1 reads.
///
/// @param s the convolution
/// @param bytes of a place's channels
record Places(ConvShape s, long bytes) {
    /// Whether these are all places.
    boolean all() {
        return s.h() == s.oh() && s.w() == s.ow();
    }

    /// Bytes of their channels, up to where something else may begin.
    long size() {
        return Math.ceilDiv(s.places() * bytes, OneDnn.ALIGNMENT) * OneDnn.ALIGNMENT;
    }

    /// Copies them from the maps to one another's side.
    void gather(KernelCall call, long maps, long to) {
        var from = OneDnn.memory(maps, s.n() * s.h() * s.w() * bytes);
        var result = OneDnn.memory(to, s.places() * bytes);
        call.parallel(Math.toIntExact(s.n()), image -> {
            for (var row = 0L; row < s.oh(); row++) {
                for (var column = 0L; column < s.ow(); column++) {
                    MemorySegment.copy(from, map(image, row, column), result, place(image, row, column), bytes);
                }
            }
        });
    }

    /// Copies them to where they are in the maps, which are 0 elsewhere.
    void scatter(KernelCall call, long places, long maps) {
        var from = OneDnn.memory(places, s.places() * bytes);
        var result = OneDnn.memory(maps, s.n() * s.h() * s.w() * bytes);
        call.parallel(Math.toIntExact(s.n()), image -> {
            result.asSlice(map(image, 0, 0), s.h() * s.w() * bytes).fill((byte) 0);
            for (var row = 0L; row < s.oh(); row++) {
                for (var column = 0L; column < s.ow(); column++) {
                    MemorySegment.copy(from, place(image, row, column), result, map(image, row, column), bytes);
                }
            }
        });
    }

    private long map(long image, long row, long column) {
        var w = s.sliding();
        return ((image * s.h() + row * w.strideH()) * s.w() + column * w.strideW()) * bytes;
    }

    private long place(long image, long row, long column) {
        return ((image * s.oh() + row) * s.ow() + column) * bytes;
    }
}
