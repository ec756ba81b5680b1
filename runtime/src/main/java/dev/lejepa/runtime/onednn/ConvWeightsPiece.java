package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The gradient of some filters, or over some images, by one thread.
final class ConvWeightsPiece implements Workspaces.Workspace {
    private final OneDnn library;
    private final Arena arena = Arena.ofShared();
    /// Where the gradients of all filters' results lie side by side, those of these filters alone.
    private final Optional<Execution> gather;
    private final MemorySegment gathered;
    private final Execution sum;
    /// The sums in the order in which the primitive writes them.
    private final MemorySegment arranged;
    private final Execution arrange;

    ConvWeightsPiece(OneDnn library, ConvWeightsGradKernel.Key key) {
        this.library = library;
        var s = key.shape();
        var primitives = new Primitives(library);
        var whole = key.filters() == s.o();
        var places = s.n() * s.oh() * s.ow();
        this.gathered = OneDnn.elements(arena, s.type(), whole ? 0 : places * s.o());
        this.gather = whole
                ? Optional.empty()
                : Optional.of(primitives.reorder(
                        OneDnn.matrix(s.type(), places, s.o(), key.filters(), 1),
                        OneDnn.matrix(s.type(), places, s.o(), s.o(), 1)));
        this.sum = new ConvPrimitives(library).weightsGradient(s);
        this.arranged = arena.allocate(sum.bytes(2), 64);
        this.arrange = primitives.reorder(sum.layout(2), s.weights(DType.FLOAT32));
    }

    /// Whether the library computes it by code that knows of depthwise convolutions.
    boolean isDepthwiseCode() {
        return sum.implementation().startsWith("jit_dw");
    }

    void compute(long dy, long x, long dw) {
        library.useThisThreadOnly();
        gather.ifPresent(g -> g.run(dy, gathered.address()));
        sum.run(gather.isPresent() ? gathered.address() : dy, x, arranged.address());
        arrange.run(arranged.address(), dw);
    }

    @Override
    public void close() {
        gather.ifPresent(Execution::close);
        sum.close();
        arrange.close();
        arena.close();
    }
}
