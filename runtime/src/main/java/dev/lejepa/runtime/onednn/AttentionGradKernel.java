package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// `AttentionGrad`: softmax's weights come again from queries and keys, in the same pieces as in the forward pass; the
/// context and the logarithms of the denominators are for devices where a row is not one core's.
final class AttentionGradKernel implements Kernel {
    private final long heads;
    private final DType type;
    private final SharedWorkspaces<AttentionShape, Piece> workspaces;

    AttentionGradKernel(SharedWorkspaces<AttentionShape, Piece> workspaces, DType type, Attributes attributes) {
        this.workspaces = workspaces;
        this.type = type;
        this.heads = attributes.integer("heads");
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var now = AttentionShape.of(dims, heads, type);
        var dContext = call.input(0);
        var qkv = call.input(1);
        var dqkv = call.output(0, dims);
        call.parallel(now.pieces(), i -> workspaces.use(now, piece -> piece.compute(i, dContext, qkv, dqkv)));
    }

    /// Workspaces belong to the library.
    @Override
    public void close() {}

    static final class Piece implements Workspaces.Workspace {
        private final OneDnn library;
        private final AttentionShape shape;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment weights;
        private final MemorySegment dWeights;
        /// Weights and gradients of scores as products read them.
        private final MemorySegment rounded;
        private final MemorySegment dRounded;
        private final Execution score;
        private final Execution softmax;
        private final Execution dWeight;
        private final Execution dSoftmax;
        private final Rounding rounding;
        private final Execution dQuery;
        private final Execution dKey;
        private final Execution dValue;

        Piece(OneDnn library, AttentionShape shape) {
            this.library = library;
            this.shape = shape;
            this.weights = OneDnn.floats(arena, shape.scoreElements());
            this.dWeights = OneDnn.floats(arena, shape.scoreElements());
            this.rounded = Rounding.place(arena, shape, weights);
            this.dRounded = Rounding.place(arena, shape, dWeights);
            var primitives = new Primitives(library);
            var part = shape.part();
            var transposed = shape.partTransposed();
            var scores = shape.scores();
            this.score = primitives.product(part, transposed, scores, shape.scale());
            this.softmax = primitives.softmax(shape.scoreRows());
            this.dWeight = primitives.product(shape.context(), transposed, scores, 1);
            this.dSoftmax = primitives.softmaxGradient(shape.scoreRows());
            this.rounding = Rounding.of(primitives, shape);
            this.dQuery = primitives.product(shape.weights(), part, part, shape.scale());
            this.dKey = primitives.product(shape.weightsTransposed(), part, part, shape.scale());
            this.dValue = primitives.product(shape.weightsTransposed(), shape.context(), part, 1);
        }

        void compute(int piece, long dContext, long qkv, long dqkv) {
            library.useThisThreadOnly();
            var q = shape.inside(piece, 0);
            var k = shape.inside(piece, 1);
            var v = shape.inside(piece, 2);
            var o = dContext + shape.outside(piece);
            var p = weights.address();
            var dp = dWeights.address();
            score.run(qkv + q, qkv + k, p);
            softmax.run(p, p);
            rounding.run(weights, rounded);
            dValue.run(rounded.address(), o, dqkv + v);
            dWeight.run(o, qkv + v, dp);
            dSoftmax.run(p, dp, dp);
            rounding.run(dWeights, dRounded);
            dQuery.run(dRounded.address(), qkv + k, dqkv + q);
            dKey.run(dRounded.address(), qkv + q, dqkv + k);
        }

        @Override
        public void close() {
            score.close();
            softmax.close();
            dWeight.close();
            dSoftmax.close();
            rounding.close();
            dQuery.close();
            dKey.close();
            dValue.close();
            arena.close();
        }
    }
}
