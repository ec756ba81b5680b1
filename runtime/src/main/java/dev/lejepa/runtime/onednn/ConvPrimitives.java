package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/// oneDNN's convolutions as [Execution]s. Maps lie as they do in the graph, weights as the primitive likes them best.
final class ConvPrimitives {
    private static final dnnl.algorithm DIRECT = dnnl.algorithm.convolution_direct;

    private final OneDnn library;

    ConvPrimitives(OneDnn library) {
        this.library = library;
        library.useThisThreadOnly();
    }

    /// Arguments: maps, weights, the result.
    Execution convolution(ConvShape s, DType out) {
        var x = s.maps(s.type());
        var y = s.result(out);
        var description = forward(s, x, s.anyWeights(s.type()), y);
        return new Execution(
                library,
                new convolution_forward(description),
                description,
                List.of(
                        new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                        new Execution.Argument(dnnl.DNNL_ARG_WEIGHTS, description.weights_desc()),
                        new Execution.Argument(dnnl.DNNL_ARG_DST, y)));
    }

    private convolution_forward.primitive_desc forward(ConvShape s, memory.desc x, memory.desc weights, memory.desc y) {
        var w = s.sliding();
        try (var attributes = Primitives.attributes()) {
            return new convolution_forward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.forward_training,
                    DIRECT,
                    x,
                    weights,
                    y,
                    w.strides(),
                    s.skipped(),
                    w.before(),
                    w.after(),
                    attributes,
                    false);
        }
    }

    /// Arguments: maps, weights, the result, the bias.
    Execution convolutionPlusBias(ConvShape s, DType out) {
        var x = s.maps(s.type());
        var y = s.result(out);
        var bias = OneDnn.vector(DType.FLOAT32, s.o());
        var w = s.sliding();
        try (var attributes = Primitives.attributes()) {
            var description = new convolution_forward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.forward_training,
                    DIRECT,
                    x,
                    s.anyWeights(s.type()),
                    bias,
                    y,
                    w.strides(),
                    s.skipped(),
                    w.before(),
                    w.after(),
                    attributes,
                    false);
            return new Execution(
                    library,
                    new convolution_forward(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_WEIGHTS, description.weights_desc()),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, y),
                            new Execution.Argument(dnnl.DNNL_ARG_BIAS, bias)));
        }
    }

    /// Arguments: the result's gradient, weights, the gradient of the maps.
    Execution dataGradient(ConvShape s, DType out) {
        var dx = s.maps(out);
        var dy = s.result(s.type());
        var w = s.sliding();
        try (var attributes = Primitives.attributes();
                var forward = forward(s, s.maps(s.type()), s.anyWeights(s.type()), dy)) {
            var description = new convolution_backward_data.primitive_desc(
                    library.engine(),
                    DIRECT,
                    dx,
                    s.anyWeights(s.type()),
                    dy,
                    w.strides(),
                    s.skipped(),
                    w.before(),
                    w.after(),
                    forward,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new convolution_backward_data(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, dy),
                            new Execution.Argument(dnnl.DNNL_ARG_WEIGHTS, description.weights_desc()),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, dx)));
        }
    }

    /// Arguments: the result's gradient, maps, the float32 gradient of the weights.
    Execution weightsGradient(ConvShape s) {
        var x = s.maps(s.type());
        var dy = s.result(s.type());
        var w = s.sliding();
        try (var attributes = Primitives.attributes();
                var forward = forward(s, x, s.anyWeights(s.type()), dy)) {
            var description = new convolution_backward_weights.primitive_desc(
                    library.engine(),
                    DIRECT,
                    x,
                    s.anyWeights(DType.FLOAT32),
                    dy,
                    w.strides(),
                    s.skipped(),
                    w.before(),
                    w.after(),
                    forward,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new convolution_backward_weights(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, dy),
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_WEIGHTS, description.diff_weights_desc())));
        }
    }
}
