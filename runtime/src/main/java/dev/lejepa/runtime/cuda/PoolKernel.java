package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Sliding;
import java.util.ArrayList;
import java.util.List;

/// Maxima and means in windows over bfloat16 maps `[N, H, W, C]`, and their gradients. Each element of a gradient
/// collects what it gets, so equal operands give equal bits.
final class PoolKernel implements Kernel {
    /// What is computed.
    enum Kind {
        MAX("max_pool"),
        /// From the gradient of the result and the maps, whose maxima are found again.
        MAX_GRADIENT("max_pool_gradient"),
        MEAN("average_pool"),
        /// From the gradient of the result.
        MEAN_GRADIENT("average_pool_gradient");

        private final String kernel;

        Kind(String kernel) {
            this.kernel = kernel;
        }

        /// The kernel that is launched.
        String kernel(long channels) {
            return kernel + "_" + vector(channels);
        }
    }

    private final MapCode code;
    private final Kind kind;
    private final Sliding sliding;
    private final long[] window;
    private final long[] rest;

    PoolKernel(MapCode code, Kind kind, Attributes attributes) {
        this.code = code;
        this.kind = kind;
        this.sliding = Sliding.ofPool(attributes);
        this.window = attributes.integers("kernel_shape");
        this.rest = kind == Kind.MEAN_GRADIENT ? attributes.integers("output_padding") : new long[0];
    }

    /// Channels that a thread has.
    static int vector(long channels) {
        return channels % MapCode.VECTOR == 0 ? MapCode.VECTOR : 1;
    }

    @Override
    public void compute(KernelCall call) {
        var first = call.shape(0);
        switch (kind) {
            case MAX, MEAN -> {
                var rows = sliding.rows(first[1], window[0]);
                var columns = sliding.columns(first[2], window[1]);
                var y = call.output(0, first[0], rows, columns, first[3]);
                launch(call, List.of(y, call.input(0)), first[0] * rows * columns, first, rows, columns);
            }
            case MAX_GRADIENT -> {
                var maps = call.shape(1);
                var dx = call.output(0, maps);
                var places = maps[0] * maps[1] * maps[2];
                launch(call, List.of(dx, call.input(0), call.input(1)), places, maps, first[1], first[2]);
            }
            case MEAN_GRADIENT -> {
                var maps = new long[] {
                    first[0],
                    sliding.rowsUnder(first[1], window[0], rest[0]),
                    sliding.columnsUnder(first[2], window[1], rest[1]),
                    first[3]
                };
                var dx = call.output(0, maps);
                var places = maps[0] * maps[1] * maps[2];
                launch(call, List.of(dx, call.input(0)), places, maps, first[1], first[2]);
            }
        }
    }

    /// @param places that are written
    /// @param maps their sizes
    /// @param rows of the pooled maps
    /// @param columns of the pooled maps
    private void launch(KernelCall call, List<Long> tensors, long places, long[] maps, long rows, long columns) {
        var vectors = places * (maps[3] / vector(maps[3]));
        if (vectors > 0) {
            var arguments = new ArrayList<Object>(tensors);
            arguments.add(vectors);
            arguments.addAll(words(sliding, window, maps, rows, columns));
            code.module().launch(kind.kernel(maps[3]), MapCode.over(vectors), call.stream(), arguments.toArray());
        }
    }

    /// The structure `Window` of the kernels.
    static List<Long> words(Sliding s, long[] window, long[] maps, long rows, long columns) {
        return List.of(
                pair(maps[1], maps[2]),
                pair(maps[3], rows),
                pair(columns, window[0]),
                pair(window[1], s.strideH()),
                pair(s.strideW(), s.top()),
                pair(s.left(), 0));
    }

    private static long pair(long first, long second) {
        return Math.toIntExact(first) | (long) Math.toIntExact(second) << 32;
    }

    @Override
    public void close() {
        // the code belongs to the operators
    }
}
