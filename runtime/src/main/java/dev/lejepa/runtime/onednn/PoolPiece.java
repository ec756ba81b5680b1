package dev.lejepa.runtime.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Some images' windows, by one thread.
final class PoolPiece implements Workspaces.Workspace {
    private final Arena arena = Arena.ofShared();
    private final Execution primitive;
    /// Finds the maxima again, whose gradient is wanted.
    private final Optional<Execution> maxima;
    private final MemorySegment results;
    private final MemorySegment places;

    PoolPiece(OneDnn library, PoolKernel.Key key) {
        var primitives = new PoolPrimitives(library);
        var s = key.shape();
        this.primitive = switch (key.kind()) {
            case MAX -> primitives.max(s);
            case MEAN -> primitives.mean(s);
            case MAX_GRADIENT -> primitives.maxGradient(s);
            case MEAN_GRADIENT -> primitives.meanGradient(s);
        };
        this.maxima = key.kind() == PoolKernel.Kind.MAX_GRADIENT ? Optional.of(primitives.maxima(s)) : Optional.empty();
        this.results = arena.allocate(maxima.map(m -> m.bytes(1)).orElse(0L), 64);
        this.places = arena.allocate(maxima.map(m -> m.bytes(2)).orElse(0L), 64);
    }

    /// @param x the operand of [PoolKernel.Kind#MAX], [PoolKernel.Kind#MEAN] or [PoolKernel.Kind#MEAN_GRADIENT]
    void run(long x, long y) {
        primitive.run(x, y);
    }

    /// The gradient of maxima.
    void run(long dy, long x, long dx) {
        maxima.orElseThrow().run(x, results.address(), places.address());
        primitive.run(dy, places.address(), dx);
    }

    @Override
    public void close() {
        primitive.close();
        maxima.ifPresent(Execution::close);
        arena.close();
    }
}
