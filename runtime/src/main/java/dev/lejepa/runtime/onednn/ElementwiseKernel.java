package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/// An operator that works element by element on tensors of one shape, in pieces of consecutive elements.
final class ElementwiseKernel implements Kernel {
    private static final long LEAST = 1 << 14;

    /// The types of such an operator, and what computes it.
    ///
    /// @param operands element type of every operand
    /// @param primitive makes the primitive for so many elements; its arguments are the operands, then the result
    record Form(List<DType> operands, DType result, Function<Primitives, Function<Long, Execution>> primitive) {
        /// The exact GELU.
        static Form gelu(DType type) {
            return new Form(List.of(type), type, p -> n -> p.gelu(OneDnn.vector(type, n)));
        }

        /// GELU's gradient from `dY` and `X`.
        static Form geluGradient(DType type) {
            return new Form(List.of(type, type), type, p -> n -> p.geluGradient(OneDnn.vector(type, n)));
        }

        /// Rounding or widening.
        static Form cast(DType from, DType to) {
            return new Form(List.of(from), to, p -> n -> p.reorder(OneDnn.vector(from, n), OneDnn.vector(to, n)));
        }
    }

    private final OneDnn library;
    private final int threads;
    private final Form form;
    private final List<Execution> pieces = new ArrayList<>();
    private long[] shape = {};

    ElementwiseKernel(OneDnn library, int threads, Form form) {
        this.library = library;
        this.threads = threads;
        this.form = form;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var cut = Pieces.of(size, LEAST, threads);
        if (!Arrays.equals(shape, dims) || pieces.isEmpty()) {
            prepare(cut);
            shape = dims;
        }
        var operands = form.operands();
        var starts = new long[operands.size() + 1];
        for (var i = 0; i < operands.size(); i++) {
            starts[i] = call.input(i);
        }
        starts[operands.size()] = call.output(0, dims);
        call.parallel(cut.count(), piece -> {
            library.useThisThreadOnly();
            var at = new long[starts.length];
            for (var i = 0; i < at.length; i++) {
                var type = i < operands.size() ? operands.get(i) : form.result();
                at[i] = starts[i] + cut.start(piece) * type.bytes();
            }
            pieces.get(piece).run(at);
        });
    }

    private void prepare(Pieces cut) {
        close();
        var make = form.primitive().apply(new Primitives(library));
        for (var i = 0; i < cut.count(); i++) {
            pieces.add(make.apply(cut.length(i)));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
