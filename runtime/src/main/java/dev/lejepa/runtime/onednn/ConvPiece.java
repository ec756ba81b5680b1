package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bytedeco.dnnl.memory;

/// The convolution of some images, or the gradient of their maps, by one thread.
final class ConvPiece implements Workspaces.Workspace {
    /// What is computed.
    enum Kind {
        RESULT,
        RESULT_PLUS_BIAS,
        DATA_GRADIENT
    }

    /// What a piece is for.
    ///
    /// @param in element type of what is read
    /// @param out element type of what is computed
    record Key(Kind kind, ConvShape shape, DType in, DType out) {}

    /// Copies of both sides in float32.
    private record Copies(MemorySegment from, Execution widen, MemorySegment to, Execution narrow) {}

    private final OneDnn library;
    private final Arena arena = Arena.ofShared();
    private final Execution primitive;
    private final Optional<Copies> copies;

    ConvPiece(OneDnn library, Key key) {
        this.library = library;
        var s = key.shape;
        var primitives = new ConvPrimitives(library);
        var isCopied = key.in != s.type();
        var out = isCopied ? s.type() : key.out;
        this.primitive = switch (key.kind) {
            case RESULT -> primitives.convolution(s, out);
            case RESULT_PLUS_BIAS -> primitives.convolutionPlusBias(s, out);
            case DATA_GRADIENT -> primitives.dataGradient(s, out);
        };
        this.copies = isCopied ? Optional.of(copies(key)) : Optional.empty();
    }

    private Copies copies(Key key) {
        var s = key.shape;
        var isGradient = key.kind == Kind.DATA_GRADIENT;
        var from = s.n() * (isGradient ? s.resultSize() : s.mapSize());
        var to = s.n() * (isGradient ? s.mapSize() : s.resultSize());
        var primitives = new Primitives(library);
        return new Copies(
                OneDnn.floats(arena, from),
                primitives.reorder(OneDnn.vector(key.in, from), OneDnn.vector(DType.FLOAT32, from)),
                OneDnn.floats(arena, to),
                primitives.reorder(OneDnn.vector(DType.FLOAT32, to), OneDnn.vector(key.out, to)));
    }

    /// The layout of the weights, as the caller's own.
    memory.desc weights() {
        return primitive.layout(1);
    }

    /// @param bias address of the bias, for [Kind#RESULT_PLUS_BIAS]
    void compute(long from, long weights, long to, long bias) {
        library.useThisThreadOnly();
        copies.ifPresent(c -> c.widen.run(from, c.from.address()));
        var x = copies.map(c -> c.from.address()).orElse(from);
        var y = copies.map(c -> c.to.address()).orElse(to);
        if (bias == 0) {
            primitive.run(x, weights, y);
        } else {
            primitive.run(x, weights, y, bias);
        }
        copies.ifPresent(c -> c.narrow.run(c.to.address(), to));
    }

    @Override
    public void close() {
        primitive.close();
        copies.ifPresent(c -> {
            c.widen.close();
            c.narrow.close();
        });
        arena.close();
    }
}
