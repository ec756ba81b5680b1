package dev.lejepa.runtime.onednn;

import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/// oneDNN's pooling as [Execution]s.
final class PoolPrimitives {
    private static final long[] DENSE = {0, 0};

    private final OneDnn library;

    PoolPrimitives(OneDnn library) {
        this.library = library;
        library.useThisThreadOnly();
    }

    /// Arguments: maps, their maxima.
    Execution max(PoolShape s) {
        return forward(s, dnnl.prop_kind.forward_inference, dnnl.algorithm.pooling_max);
    }

    /// Means over all elements of the window, padding included. Arguments: maps, their means.
    Execution mean(PoolShape s) {
        return forward(s, dnnl.prop_kind.forward_inference, dnnl.algorithm.pooling_avg_include_padding);
    }

    private Execution forward(PoolShape s, dnnl.prop_kind kind, dnnl.algorithm algorithm) {
        try (var attributes = Primitives.attributes()) {
            var x = s.maps();
            var y = s.result();
            var description = forward(s, kind, algorithm, x, y);
            return new Execution(
                    library,
                    new pooling_forward(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, y)));
        }
    }

    private pooling_forward.primitive_desc forward(
            PoolShape s, dnnl.prop_kind kind, dnnl.algorithm algorithm, memory.desc x, memory.desc y) {
        try (var attributes = Primitives.attributes()) {
            return new pooling_forward.primitive_desc(
                    library.engine(),
                    kind,
                    algorithm,
                    x,
                    y,
                    s.sliding().strides(),
                    s.kernel(),
                    DENSE,
                    s.sliding().before(),
                    s.sliding().after(),
                    attributes,
                    false);
        }
    }

    /// Arguments: maps, their maxima, where these were found.
    Execution maxima(PoolShape s) {
        var x = s.maps();
        var y = s.result();
        var description = forward(s, dnnl.prop_kind.forward_training, dnnl.algorithm.pooling_max, x, y);
        return new Execution(
                library,
                new pooling_forward(description),
                description,
                List.of(
                        new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                        new Execution.Argument(dnnl.DNNL_ARG_DST, y),
                        new Execution.Argument(dnnl.DNNL_ARG_WORKSPACE, description.workspace_desc())));
    }

    /// Arguments: the maxima's gradient, where they were found, the gradient of the maps.
    Execution maxGradient(PoolShape s) {
        return backward(s, dnnl.algorithm.pooling_max);
    }

    /// Arguments: the means' gradient, the gradient of the maps.
    Execution meanGradient(PoolShape s) {
        return backward(s, dnnl.algorithm.pooling_avg_include_padding);
    }

    private Execution backward(PoolShape s, dnnl.algorithm algorithm) {
        var dx = s.maps();
        var dy = s.result();
        try (var attributes = Primitives.attributes();
                var forward = forward(s, dnnl.prop_kind.forward_training, algorithm, dx, dy)) {
            var description = new pooling_backward.primitive_desc(
                    library.engine(),
                    algorithm,
                    dx,
                    dy,
                    s.sliding().strides(),
                    s.kernel(),
                    DENSE,
                    s.sliding().before(),
                    s.sliding().after(),
                    forward,
                    attributes,
                    false);
            var gradient = new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, dy);
            var result = new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, dx);
            return new Execution(
                    library,
                    new pooling_backward(description),
                    description,
                    algorithm == dnnl.algorithm.pooling_max
                            ? List.of(
                                    gradient,
                                    new Execution.Argument(dnnl.DNNL_ARG_WORKSPACE, forward.workspace_desc()),
                                    result)
                            : List.of(gradient, result));
        }
    }
}
