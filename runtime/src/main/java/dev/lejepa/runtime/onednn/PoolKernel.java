package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Sliding;

/// Maxima and means in windows over maps `[N, H, W, C]`, and their gradients, in pieces of images.
final class PoolKernel implements Kernel {
    /// Pieces of images, at least, where there are as many images.
    private static final int LEAST = 8;

    /// What is computed.
    enum Kind {
        MAX,
        /// From the gradient of the result and the maps, whose maxima are found again.
        MAX_GRADIENT,
        MEAN,
        /// From the gradient of the result.
        MEAN_GRADIENT
    }

    /// What primitive computes a piece.
    record Key(Kind kind, PoolShape shape) {}

    private final OneDnn library;
    private final SharedWorkspaces<Key, PoolPiece> workspaces;
    private final Kind kind;
    private final DType type;
    private final Sliding sliding;
    private final long[] kernel;
    private final long[] rest;

    PoolKernel(
            OneDnn library, SharedWorkspaces<Key, PoolPiece> workspaces, Kind kind, DType type, Attributes attributes) {
        this.library = library;
        this.workspaces = workspaces;
        this.kind = kind;
        this.type = type;
        this.sliding = Sliding.ofPool(attributes);
        this.kernel = attributes.integers("kernel_shape");
        this.rest = kind == Kind.MEAN_GRADIENT ? attributes.integers("output_padding") : new long[0];
    }

    @Override
    public void compute(KernelCall call) {
        var s = switch (kind) {
            case MAX, MEAN -> PoolShape.ofMaps(type, sliding, call.shape(0), kernel);
            case MAX_GRADIENT -> PoolShape.ofMaps(type, sliding, call.shape(1), kernel);
            case MEAN_GRADIENT -> PoolShape.ofResult(type, sliding, call.shape(0), kernel, rest);
        };
        var cut = EqualPieces.of(s.n(), LEAST);
        var key = new Key(kind, s.of(cut.length()));
        var mapBytes = cut.length() * s.h() * s.w() * s.c() * type.bytes();
        var resultBytes = cut.length() * s.oh() * s.ow() * s.c() * type.bytes();
        var first = call.input(0);
        switch (kind) {
            case MAX, MEAN -> {
                var y = call.output(0, s.n(), s.oh(), s.ow(), s.c());
                run(call, cut, key, (piece, i) -> piece.run(first + i * mapBytes, y + i * resultBytes));
            }
            case MAX_GRADIENT -> {
                var x = call.input(1);
                var dx = call.output(0, s.n(), s.h(), s.w(), s.c());
                run(
                        call,
                        cut,
                        key,
                        (piece, i) -> piece.run(first + i * resultBytes, x + i * mapBytes, dx + i * mapBytes));
            }
            case MEAN_GRADIENT -> {
                var dx = call.output(0, s.n(), s.h(), s.w(), s.c());
                run(call, cut, key, (piece, i) -> piece.run(first + i * resultBytes, dx + i * mapBytes));
            }
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(PoolPiece piece, int number);
    }

    private void run(KernelCall call, EqualPieces cut, Key key, Body body) {
        call.parallel(
                cut.count(),
                i -> workspaces.use(key, piece -> {
                    library.useThisThreadOnly();
                    body.run(piece, i);
                }));
    }

    /// Workspaces belong to the library.
    @Override
    public void close() {}
}
