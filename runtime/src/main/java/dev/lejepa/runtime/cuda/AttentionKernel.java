package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;

/// `Attention` and `BiasedAttention`.
///
/// @param biased whether the second operand is a bias
record AttentionKernel(AttentionCode code, long heads, boolean biased) implements Kernel {
    static final long NO_BIAS = 0; // an address

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(0);
        var grid = code.grid(dims, heads);
        var qkv = call.input(0);
        var bias = biased ? call.input(1) : NO_BIAS;
        var context = call.output(0, dims[0], dims[1], dims[2] / 3);
        var logs = call.output(1, dims[0], heads, dims[1]);
        var module = code.forWidth(grid.width());
        for (var slice : grid.slices()) {
            launch(
                    module,
                    slice.grid(),
                    call.stream(),
                    slice.at(qkv, 3 * grid.bytesOfImage()),
                    bias,
                    slice.at(context, grid.bytesOfImage()),
                    slice.at(logs, grid.bytesOfNumbers()));
        }
    }

    private void launch(
            CudaModule module, AttentionGrid grid, long stream, long qkv, long bias, long context, long logs) {
        switch (code.forward(grid)) {
            case AttentionForward.Ahead ahead -> {
                var rows = ahead.rows();
                var words = new ArrayList<Object>(rows.map(module, qkv, 3 * grid.heads() * grid.width()));
                words.addAll(List.of(bias, context, logs));
                words.addAll(rows.sizes());
                words.add((long) ahead.stages());
                var launch = ahead.launch(module.processors());
                module.launch(AttentionForward.Ahead.KERNEL, launch, stream, words.toArray());
            }
            case AttentionForward.Parts parts ->
                module.launch(
                        parts.kernel(),
                        parts.launch(),
                        stream,
                        qkv,
                        bias,
                        context,
                        logs,
                        grid.tokens(),
                        grid.heads(),
                        grid.chunk());
        }
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
