package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;

/// `AttentionGrad` and `BiasedAttentionGrad`: one kernel for heads that fit into a block, otherwise queries
/// over all keys, then keys and values over all queries.
///
/// @param biased whether the third operand is a bias and the second result its gradient
record AttentionGradKernel(AttentionCode code, long heads, boolean biased) implements Kernel {
    private static final int SUM_THREADS = 512;
    private static final int SUM_COLUMNS = 32;

    /// What the kernels read and write, as addresses.
    ///
    /// @param bias 0 for none
    /// @param products room for numbers of all rows, if there are two kernels
    /// @param sums room for those of each block, if there is a bias
    record Operands(long dContext, long qkv, long bias, long context, long logs, long dQkv, long products, long sums) {
        /// Those of some of the images.
        ///
        /// @param bytesOfSums of an image
        Operands of(AttentionGrid.Slice slice, long bytesOfSums) {
            var part = slice.grid().bytesOfImage();
            var numbers = slice.grid().bytesOfNumbers();
            return new Operands(
                    slice.at(dContext, part),
                    slice.at(qkv, 3 * part),
                    bias,
                    slice.at(context, part),
                    slice.at(logs, numbers),
                    slice.at(dQkv, 3 * part),
                    slice.at(products, numbers),
                    slice.at(sums, bytesOfSums));
        }
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var grid = code.grid(dims, heads);
        var columns = Math.toIntExact(dims[2]);
        var next = biased ? 3 : 2;
        var module = code.forWidth(grid.width());
        var stream = call.stream();
        var whole = code.wholeHead(grid);
        var blocks = whole.map(Launch::gridX).orElse(grid.overKeys().gridX());
        var products = whole.isPresent() ? 0 : grid.rowCount();
        var sums = biased ? (long) grid.images() * blocks * columns : 0;
        var workspace = module.allocate(Math.max(1, products + sums) * Float.BYTES, stream);
        try {
            var all = new Operands(
                    call.input(0),
                    call.input(1),
                    biased ? call.input(2) : AttentionKernel.NO_BIAS,
                    call.input(next),
                    call.input(next + 1),
                    call.output(0, dims),
                    workspace,
                    workspace + products * Float.BYTES);
            for (var slice : grid.slices()) {
                var operands = all.of(slice, (long) blocks * columns * Float.BYTES);
                backward(module, slice.grid(), stream, operands);
            }
            if (biased) {
                var launch = new Launch(Math.ceilDiv(columns, SUM_COLUMNS), 1, 1, SUM_THREADS, 0);
                var rows = grid.images() * blocks;
                module.launch("attention_sums", launch, stream, all.sums(), call.output(1, columns), rows, columns);
            }
        } finally {
            module.free(workspace, stream);
        }
    }

    private void backward(CudaModule module, AttentionGrid grid, long stream, Operands o) {
        code.wholeHead(grid)
                .ifPresentOrElse(
                        launch -> atOnce(module, launch, grid, stream, o), () -> inTwo(module, grid, stream, o));
    }

    private static void atOnce(CudaModule module, Launch launch, AttentionGrid grid, long stream, Operands o) {
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
                o.sums(),
                grid.tokens(),
                grid.heads());
    }

    private static void inTwo(CudaModule module, AttentionGrid grid, long stream, Operands o) {
        module.launch(
                "attention_queries_gradient",
                grid.overKeysWithGradients(),
                stream,
                o.qkv(),
                o.bias(),
                o.context(),
                o.dContext(),
                o.logs(),
                o.products(),
                o.dQkv(),
                o.sums(),
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
                o.products(),
                o.dQkv(),
                o.sums(),
                grid.tokens(),
                grid.heads(),
                grid.chunk());
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
