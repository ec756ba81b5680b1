package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;

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
            var forward = code.forward(slice.grid());
            module.launch(
                    forward.kernel(),
                    forward.launch(),
                    call.stream(),
                    slice.at(qkv, 3 * grid.bytesOfImage()),
                    bias,
                    slice.at(context, grid.bytesOfImage()),
                    slice.at(logs, grid.bytesOfNumbers()),
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
