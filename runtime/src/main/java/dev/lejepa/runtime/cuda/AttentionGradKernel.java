package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;

/// `AttentionGrad` on bfloat16: queries over all keys, then keys and values over all queries.
record AttentionGradKernel(AttentionCode code, long heads) implements Kernel {
    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var grid = AttentionGrid.of(dims, heads);
        var module = code.forWidth(grid.width());
        var stream = call.stream();
        var dContext = call.input(0);
        var qkv = call.input(1);
        var context = call.input(2);
        var logs = call.input(3);
        var dQkv = call.output(0, dims);
        var products = module.allocate(grid.rowCount() * Float.BYTES, stream);
        try {
            module.launch(
                    "attention_queries_gradient",
                    grid.overKeys(),
                    stream,
                    qkv,
                    context,
                    dContext,
                    logs,
                    products,
                    dQkv,
                    grid.tokens(),
                    grid.heads(),
                    grid.chunk());
            module.launch(
                    "attention_keys_gradient",
                    grid.overQueries(),
                    stream,
                    qkv,
                    dContext,
                    logs,
                    products,
                    dQkv,
                    grid.tokens(),
                    grid.heads(),
                    grid.chunk());
        } finally {
            module.free(products, stream);
        }
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
