package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// `GeluGrad`: `dY gelu'(X)`, element by element.
final class GeluGradKernel implements Kernel {
    private static final long LEAST = 1 << 14;

    private final OneDnn library;
    private final int threads;
    private final List<Execution> pieces = new ArrayList<>();
    private long[] shape = {};

    GeluGradKernel(OneDnn library, int threads) {
        this.library = library;
        this.threads = threads;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var cut = Pieces.of(size, LEAST, threads);
        if (!Arrays.equals(shape, dims)) {
            prepare(cut);
            shape = dims;
        }
        var dy = call.input(0);
        var x = call.input(1);
        var dx = call.output(0, dims);
        call.parallel(cut.count(), i -> {
            library.useThisThreadOnly();
            var at = cut.start(i) * Float.BYTES;
            pieces.get(i).run(dy + at, x + at, dx + at);
        });
    }

    private void prepare(Pieces cut) {
        close();
        var primitives = new Primitives(library);
        for (var i = 0; i < cut.count(); i++) {
            pieces.add(primitives.geluGradient(OneDnn.floats(new long[] {cut.length(i)}, new long[] {1})));
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
