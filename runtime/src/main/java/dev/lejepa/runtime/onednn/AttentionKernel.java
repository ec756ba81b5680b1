package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `Attention`: a piece's scores, their softmax and the weighted sum of values, without scores of all pairs in memory.
final class AttentionKernel implements Kernel {
    private static final float TINY = 1e-30f;

    private final long heads;
    private final DType type;
    private final SharedWorkspaces<AttentionShape, Piece> workspaces;

    AttentionKernel(SharedWorkspaces<AttentionShape, Piece> workspaces, DType type, Attributes attributes) {
        this.workspaces = workspaces;
        this.type = type;
        this.heads = attributes.integer("heads");
    }

    @Override
    public void compute(KernelCall call) {
        var now = AttentionShape.of(call.shape(0), heads, type);
        var qkv = call.input(0);
        var context = call.output(0, now.n(), now.t(), now.h() * now.d());
        var logs = call.output(1, now.n(), now.h(), now.t());
        call.parallel(now.pieces(), i -> workspaces.use(now, piece -> piece.compute(i, qkv, context, logs)));
    }

    /// Workspaces belong to the library.
    @Override
    public void close() {}

    static final class Piece implements Workspaces.Workspace {
        private final OneDnn library;
        private final AttentionShape shape;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment scores;
        private final MemorySegment weights;
        /// The weights as the second product reads them.
        private final MemorySegment rounded;
        private final Execution score;
        private final Execution softmax;
        private final Rounding rounding;
        private final Execution sum;

        Piece(OneDnn library, AttentionShape shape) {
            this.library = library;
            this.shape = shape;
            this.scores = OneDnn.floats(arena, shape.scoreElements());
            this.weights = OneDnn.floats(arena, shape.scoreElements());
            this.rounded = Rounding.place(arena, shape, weights);
            var primitives = new Primitives(library);
            this.score = primitives.product(shape.part(), shape.partTransposed(), shape.scores(), shape.scale());
            this.softmax = primitives.softmax(shape.scoreRows());
            this.rounding = Rounding.of(primitives, shape);
            this.sum = primitives.product(shape.weights(), shape.part(), shape.context(), 1);
        }

        void compute(int piece, long qkv, long context, long logs) {
            library.useThisThreadOnly();
            score.run(qkv + shape.inside(piece, 0), qkv + shape.inside(piece, 1), scores.address());
            softmax.run(scores.address(), weights.address());
            writeLogs(OneDnn.segment(logs, shape.n() * shape.h() * shape.t()), shape.logs(piece) / Float.BYTES);
            rounding.run(weights, rounded);
            sum.run(rounded.address(), qkv + shape.inside(piece, 2), context + shape.outside(piece));
        }

        /// A weight is `exp(score - log denominator)`. A piece's rows are one run of the array.
        private void writeLogs(MemorySegment logs, long start) {
            for (var r = 0L; r < shape.rows(); r++) {
                var at = ofSafeLogarithm(r);
                var score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                var weight = weights.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                logs.setAtIndex(ValueLayout.JAVA_FLOAT, start + r, (float) (score - Math.log(weight)));
            }
        }

        /// A weight of a row that has all its digits: the first, or where that is tiny one that is not. Some is at least
        /// one over the number of tokens.
        private long ofSafeLogarithm(long row) {
            var at = row * shape.t();
            var end = at + shape.t();
            while (at < end - 1 && !(weights.getAtIndex(ValueLayout.JAVA_FLOAT, at) > TINY)) {
                at++;
            }
            return at;
        }

        @Override
        public void close() {
            score.close();
            softmax.close();
            rounding.close();
            sum.close();
            arena.close();
        }
    }
}
