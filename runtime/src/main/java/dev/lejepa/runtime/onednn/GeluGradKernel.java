package dev.lejepa.runtime.onednn;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.primitive_attr;

/// `GeluGrad`: `dY gelu'(X)`, element by element.
final class GeluGradKernel implements Kernel {
    private static final long PIECE = 1 << 16;

    private final OneDnn library;
    private final List<Execution> pieces = new ArrayList<>();
    private long[] shape = {};

    GeluGradKernel(OneDnn library) {
        this.library = library;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var size = LongStream.of(dims).reduce(1, Math::multiplyExact);
        var cut = Pieces.of(size, PIECE, 16);
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
        library.useThisThreadOnly();
        for (var i = 0; i < cut.count(); i++) {
            var layout = OneDnn.floats(new long[] {cut.length(i)}, new long[] {1});
            try (var attributes = new primitive_attr()) {
                attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
                var forward = new eltwise_forward.primitive_desc(
                        library.engine(),
                        dnnl.prop_kind.forward_training,
                        dnnl.algorithm.eltwise_gelu_erf,
                        layout,
                        layout);
                var backward = new eltwise_backward.primitive_desc(
                        library.engine(),
                        dnnl.algorithm.eltwise_gelu_erf,
                        layout,
                        layout,
                        layout,
                        0f,
                        0f,
                        forward,
                        attributes,
                        false);
                pieces.add(new Execution(
                        library,
                        new eltwise_backward(backward),
                        backward,
                        new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, layout),
                        new Execution.Argument(dnnl.DNNL_ARG_SRC, layout),
                        new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, layout)));
            }
        }
    }

    @Override
    public void close() {
        pieces.forEach(Execution::close);
        pieces.clear();
    }
}
