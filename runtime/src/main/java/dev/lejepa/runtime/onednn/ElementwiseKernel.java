package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.onnx.Signature;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// An operator that works element by element on tensors of one shape, in pieces of consecutive elements.
final class ElementwiseKernel implements Kernel {
    private static final long LEAST = 1 << 14;

    /// Makes the primitive for so many elements; its arguments are the operands, then the result.
    @FunctionalInterface
    interface Loop {
        Execution of(long elements);
    }

    private final OneDnn library;
    private final int threads;
    private final List<DType> types;
    private final Loop loop;
    private final List<Execution> pieces = new ArrayList<>();
    private long[] shape = {};

    ElementwiseKernel(OneDnn library, int threads, Signature signature, Loop loop) {
        this.library = library;
        this.threads = threads;
        this.types = Stream.concat(signature.operands().stream(), signature.results().stream())
                .toList();
        this.loop = loop;
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
        var operands = types.size() - 1;
        var starts = new long[types.size()];
        for (var i = 0; i < operands; i++) {
            starts[i] = call.input(i);
        }
        starts[operands] = call.output(0, dims);
        call.parallel(cut.count(), piece -> {
            library.useThisThreadOnly();
            var at = new long[starts.length];
            for (var i = 0; i < at.length; i++) {
                at[i] = starts[i] + cut.start(piece) * types.get(i).bytes();
            }
            pieces.get(piece).run(at);
        });
    }

    private void prepare(Pieces cut) {
        close();
        for (var i = 0; i < cut.count(); i++) {
            pieces.add(loop.of(cut.length(i)));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
