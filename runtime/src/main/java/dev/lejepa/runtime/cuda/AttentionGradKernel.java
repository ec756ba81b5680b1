package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudaModule.Launch;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.ArrayList;
import java.util.List;

/// `AttentionGrad` and `BiasedAttentionGrad`: one kernel for many heads that each fit into a block, otherwise queries
/// over all keys, then keys and values over all queries ([AttentionBackward] says which). Where it may be measured, the
/// first operands of a shape are computed by all kernels that take it ([AttentionCode]).
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
        var grid = code.grid(call.shape(1), heads);
        compute(call, grid, code.backward(grid, biased, ways -> millis(call, grid, ways)));
    }

    private double[] millis(KernelCall call, AttentionGrid grid, List<AttentionBackward> ways) {
        var module = code.forWidth(grid.width());
        return new KernelClock(() -> module.await(call.stream()))
                .millis(ways.stream()
                        .<Runnable>map(way -> () -> compute(call, grid, way))
                        .toList());
    }

    /// @param backward of the whole grid: where it has several slices, each has its own
    private void compute(KernelCall call, AttentionGrid grid, AttentionBackward backward) {
        var dims = call.shape(1);
        var columns = Math.toIntExact(dims[2]);
        var next = biased ? 3 : 2;
        var module = code.forWidth(grid.width());
        var stream = call.stream();
        var blocks = backward.sums(grid);
        var products = backward instanceof AttentionBackward.InTwo ? grid.rowCount() : 0;
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
                var ofSlice = slice.grid().equals(grid) ? backward : code.backward(slice.grid());
                backward(ofSlice, module, slice.grid(), stream, operands);
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

    private static void backward(
            AttentionBackward kernels, CudaModule module, AttentionGrid grid, long stream, Operands o) {
        switch (kernels) {
            case AttentionBackward.Together(var together) -> together(module, together, stream, o);
            case AttentionBackward.WholeHead(var launch) -> atOnce(module, launch, grid, stream, o);
            case AttentionBackward.InTwo _ -> inTwo(module, grid, stream, o);
        }
    }

    private static void together(CudaModule module, AttentionTogether together, long stream, Operands o) {
        var rows = together.rows();
        var columns = rows.grid().heads() * rows.grid().width();
        var words = new ArrayList<Object>();
        words.addAll(rows.map(module, o.qkv(), 3 * columns));
        words.addAll(rows.map(module, o.dContext(), columns));
        words.addAll(List.of(o.bias(), o.context(), o.logs(), o.dQkv(), o.sums()));
        words.addAll(rows.sizes());
        words.addAll(List.of((long) together.queryStages(), (long) together.keyStages()));
        module.launch(AttentionTogether.KERNEL, together.launch(module.processors()), stream, words.toArray());
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
