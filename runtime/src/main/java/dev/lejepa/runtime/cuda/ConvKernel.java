package dev.lejepa.runtime.cuda;

import dev.lejepa.runtime.cudart.CudaModule;
import dev.lejepa.runtime.cudart.CudnnConvolution.Direction;
import dev.lejepa.runtime.cudart.CudnnPlan;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Sliding;

/// A convolution of bfloat16 maps `[N, H, W, C]` or one of its gradients by cuDNN, around which filters are brought into
/// the order that it reads, and back. It has no kernel that gives float32 gradients of filters of bfloat16 maps, so
/// these are rounded once, and widened as they are brought back.
final class ConvKernel implements Kernel {
    private static final String ARRANGE = "transpose_filters";
    private static final int BF16 = 2;

    /// What parts of a workspace begin at multiples of.
    private static final long ALIGNED = 256;

    private final ConvPlans plans;
    private final MapCode code;
    private final Direction direction;
    private final Sliding sliding;
    /// What the maps have behind the last place of the window, where they are computed; the window, where its
    /// weights are.
    private final long[] sizes;

    ConvKernel(ConvPlans plans, MapCode code, Direction direction, Attributes attributes) {
        this.plans = plans;
        this.code = code;
        this.direction = direction;
        this.sliding = Sliding.ofConvolution(attributes);
        this.sizes = switch (direction) {
            case FORWARD -> new long[0];
            case MAPS -> attributes.integers("output_padding");
            case FILTERS -> attributes.integers("kernel_shape");
        };
    }

    @Override
    public void compute(KernelCall call) {
        switch (direction) {
            case FORWARD -> {
                var s = ConvShape.ofMaps(sliding, call.shape(0), call.shape(1));
                var y = call.output(0, s.n(), s.oh(), s.ow(), s.o());
                if (s.results() > 0) {
                    ofArranged(
                            call,
                            s,
                            (plan, filters, space) -> plan.run(call.stream(), call.input(0), filters, y, space));
                    addBias(call, s, y);
                }
            }
            case MAPS -> {
                var s = ConvShape.ofResult(sliding, call.shape(0), call.shape(1), sizes);
                var dx = call.output(0, s.n(), s.h(), s.w(), s.c());
                if (s.results() > 0) {
                    ofArranged(
                            call,
                            s,
                            (plan, filters, space) -> plan.run(call.stream(), dx, filters, call.input(0), space));
                }
            }
            case FILTERS -> {
                var s = ConvShape.ofBoth(sliding, call.shape(1), call.shape(0), sizes);
                var dw = call.output(0, s.o(), s.channels(), s.kh(), s.kw());
                if (s.results() > 0) {
                    filters(call, s, dw);
                } else { // a sum over no images
                    code.module().clear(dw, s.weights(), call.stream());
                }
            }
        }
    }

    /// A run of a plan with filters as it reads them.
    @FunctionalInterface
    private interface Run {
        void run(CudnnPlan plan, long filters, long workspace);
    }

    private void ofArranged(KernelCall call, ConvShape s, Run run) {
        var plan = plans.of(s.compute(direction));
        var module = code.module();
        var stream = call.stream();
        var ofFilters = s.isArranged() ? 0 : aligned(s.weights() * BF16);
        var workspace = module.allocate(Math.max(1, ofFilters + plan.workspaceBytes()), stream);
        try {
            if (!s.isArranged()) {
                transpose(module, stream, ARRANGE, workspace, call.input(1), s, s.channels(), s.places());
            }
            run.run(plan, s.isArranged() ? call.input(1) : workspace, workspace + ofFilters);
        } finally {
            module.free(workspace, stream);
        }
    }

    private void filters(KernelCall call, ConvShape s, long dw) {
        var plan = plans.of(s.compute(direction));
        var module = code.module();
        var stream = call.stream();
        var ofFilters = aligned(s.weights() * BF16);
        var workspace = module.allocate(ofFilters + plan.workspaceBytes(), stream);
        try {
            plan.run(stream, call.input(1), workspace, call.input(0), workspace + ofFilters);
            transpose(module, stream, "widen_filters", dw, workspace, s, s.places(), s.channels());
        } finally {
            module.free(workspace, stream);
        }
    }

    /// @param rows of the matrix of each filter
    /// @param columns of it
    private static void transpose(
            CudaModule module, long stream, String kernel, long to, long from, ConvShape s, long rows, long columns) {
        module.launch(
                kernel,
                MapCode.over(s.weights()),
                stream,
                to,
                from,
                Math.toIntExact(s.weights()),
                Math.toIntExact(rows),
                Math.toIntExact(columns));
    }

    private void addBias(KernelCall call, ConvShape s, long y) {
        if (call.has(2)) {
            code.module()
                    .launch(
                            "add_bias",
                            MapCode.over(s.results()),
                            call.stream(),
                            y,
                            call.input(2),
                            s.results(),
                            Math.toIntExact(s.o()));
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNED) * ALIGNED;
    }

    @Override
    public void close() {
        // plans and code belong to the operators
    }
}
