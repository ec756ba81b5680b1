package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;

/// `AttentionGrad` and `BiasedAttentionGrad`: one kernel for heads that fit into a block, otherwise queries
/// over all keys, then keys and values over all queries ([AttentionBackward] says which).
///
/// @param biased whether the third operand is a bias and the second result its gradient
record AttentionGradKernel(AttentionCode code, long heads, boolean biased) implements Kernel {
    private static final int SUM_THREADS = 512;
    private static final int SUM_COLUMNS = 32;

    /// What the kernels read and write, as addresses.
    ///
    /// @param bias 0 for none
    private record Operands(long dContext, long qkv, long bias, long context, long logs, long dQkv) {}

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var grid = code.grid(dims, heads);
        var columns = Math.toIntExact(dims[2]);
        var next = biased ? 3 : 2;
        var operands = new Operands(
                call.input(0),
                call.input(1),
                biased ? call.input(2) : AttentionKernel.NO_BIAS,
                call.input(next),
                call.input(next + 1),
                call.output(0, dims));
        var module = code.forWidth(grid.width());
        var stream = call.stream();
        var backward = code.backward(grid);
        var parts = grid.images() * backward.sums(grid);
        var products = backward instanceof AttentionBackward.InTwo ? grid.rowCount() : 0;
        var sums = biased ? (long) parts * columns : 0;
        var workspace = module.allocate(Math.max(1, products + sums) * Float.BYTES, stream);
        try {
            var ofBlocks = workspace + products * Float.BYTES;
            switch (backward) {
                case AttentionBackward.Together(var together) -> together(module, together, stream, operands, ofBlocks);
                case AttentionBackward.WholeHead(var launch) ->
                    atOnce(module, launch, grid, stream, operands, ofBlocks);
                case AttentionBackward.InTwo _ -> inTwo(module, grid, stream, operands, workspace, ofBlocks);
            }
            if (biased) {
                var launch = new Launch(Math.ceilDiv(columns, SUM_COLUMNS), 1, 1, SUM_THREADS, 0);
                module.launch("attention_sums", launch, stream, ofBlocks, call.output(1, columns), parts, columns);
            }
        } finally {
            module.free(workspace, stream);
        }
    }

    private static void together(CudaModule module, AttentionTogether together, long stream, Operands o, long sums) {
        var rows = together.rows();
        var columns = rows.grid().heads() * rows.grid().width();
        var words = new ArrayList<Object>();
        words.addAll(rows.map(module, o.qkv(), 3 * columns));
        words.addAll(rows.map(module, o.dContext(), columns));
        words.addAll(List.of(o.bias(), o.context(), o.logs(), o.dQkv(), sums));
        words.addAll(rows.sizes());
        words.addAll(List.of((long) together.queryStages(), (long) together.keyStages()));
        module.launch(AttentionTogether.KERNEL, together.launch(module.processors()), stream, words.toArray());
    }

    private static void atOnce(
            CudaModule module, Launch launch, AttentionGrid grid, long stream, Operands o, long sums) {
        module.launch(
                "attention_head_gradient",
                launch,
                stream,
                o.qkv(),
                o.bias(),
                o.context(),
                o.dContext(),
                o.logs(),
                o.dQkv(),
                sums,
                grid.tokens(),
                grid.heads());
    }

    private static void inTwo(
            CudaModule module, AttentionGrid grid, long stream, Operands o, long products, long sums) {
        module.launch(
                "attention_queries_gradient",
                grid.overKeysWithGradients(),
                stream,
                o.qkv(),
                o.bias(),
                o.context(),
                o.dContext(),
                o.logs(),
                products,
                o.dQkv(),
                sums,
                grid.tokens(),
                grid.heads(),
                grid.chunk());
        module.launch(
                "attention_keys_gradient",
                grid.overQueries(),
                stream,
                o.qkv(),
                o.bias(),
                o.dContext(),
                o.logs(),
                products,
                o.dQkv(),
                sums,
                grid.tokens(),
                grid.heads(),
                grid.chunk());
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
