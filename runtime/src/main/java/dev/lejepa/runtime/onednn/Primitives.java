package dev.lejepa.runtime.onednn;

import dev.lejepa.graphs.ir.DType;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;

/// oneDNN's primitives as [Execution]s, each for tensors of one layout and for the thread that executes it.
final class Primitives {
    private static final int LAST = 1; // the second axis of a matrix

    private final OneDnn library;

    Primitives(OneDnn library) {
        this.library = library;
        library.useThisThreadOnly();
    }

    /// `factor a b`. Arguments: `a`, `b`, the result.
    Execution product(memory.desc a, memory.desc b, memory.desc y, double factor) {
        try (var attributes = attributes();
                var operations = new post_ops()) {
            if (factor != 1) {
                operations.append_eltwise(dnnl.algorithm.eltwise_linear, (float) factor, 0);
                attributes.set_post_ops(operations);
            }
            var description = new matmul.primitive_desc(library.engine(), a, b, y, attributes, false);
            return new Execution(library, new matmul(description), description, arguments(a, b, y));
        }
    }

    /// `a b + row`. Arguments: `a`, `b`, the result, the row.
    Execution productPlusRow(memory.desc a, memory.desc b, memory.desc y, memory.desc row) {
        try (var attributes = attributes()) {
            var arguments = arguments(a, b, y);
            arguments.add(new Execution.Argument(dnnl.DNNL_ARG_BIAS, row));
            var description = new matmul.primitive_desc(library.engine(), a, b, row, y, attributes, false);
            return new Execution(library, new matmul(description), description, arguments);
        }
    }

    private static List<Execution.Argument> arguments(memory.desc a, memory.desc b, memory.desc y) {
        return new ArrayList<>(List.of(
                new Execution.Argument(dnnl.DNNL_ARG_SRC, a),
                new Execution.Argument(dnnl.DNNL_ARG_WEIGHTS, b),
                new Execution.Argument(dnnl.DNNL_ARG_DST, y)));
    }

    /// Softmax of each row of a matrix. Arguments: operand and result of the same layout.
    Execution softmax(memory.desc x) {
        try (var attributes = attributes()) {
            var description = new softmax_forward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.forward_inference,
                    dnnl.algorithm.softmax_accurate,
                    x,
                    x,
                    LAST,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new softmax_forward(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, x)));
        }
    }

    /// Softmax's gradient for each row of a matrix. Arguments: softmax, its gradient, the gradient of its operand.
    Execution softmaxGradient(memory.desc x) {
        try (var attributes = attributes();
                var forward = new softmax_forward.primitive_desc(
                        library.engine(),
                        dnnl.prop_kind.forward_training,
                        dnnl.algorithm.softmax_accurate,
                        x,
                        x,
                        LAST)) {
            var backward = new softmax_backward.primitive_desc(
                    library.engine(), dnnl.algorithm.softmax_accurate, x, x, x, LAST, forward, attributes, false);
            return new Execution(
                    library,
                    new softmax_backward(backward),
                    backward,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_DST, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, x)));
        }
    }

    /// A function of each element. Arguments: operand and result.
    Execution eltwise(Eltwise function, memory.desc x) {
        try (var attributes = attributes()) {
            var description = new eltwise_forward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.forward_inference,
                    function.algorithm(),
                    x,
                    x,
                    function.alpha(),
                    function.beta(),
                    attributes,
                    false);
            return new Execution(
                    library,
                    new eltwise_forward(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, x)));
        }
    }

    /// A function of a matrix and a row for all its rows. Arguments: matrix, row, result.
    Execution binary(dnnl.algorithm function, memory.desc matrix, memory.desc row) {
        try (var attributes = attributes()) {
            var description =
                    new binary.primitive_desc(library.engine(), function, matrix, row, matrix, attributes, false);
            return new Execution(
                    library,
                    new binary(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC_0, matrix),
                            new Execution.Argument(dnnl.DNNL_ARG_SRC_1, row),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, matrix)));
        }
    }

    /// A copy in another element type. Arguments: operand and result.
    Execution reorder(memory.desc from, memory.desc to) {
        try (var attributes = attributes()) {
            var description =
                    new reorder.primitive_desc(library.engine(), from, library.engine(), to, attributes, false);
            return new Execution(
                    library,
                    new reorder(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_FROM, from),
                            new Execution.Argument(dnnl.DNNL_ARG_TO, to)));
        }
    }

    /// LayerNorm of the float32 rows of a matrix. Arguments: `X`, scale, bias, the result of type `y`, means, variances.
    Execution layerNorm(long rows, long columns, double epsilon, DType y) {
        var x = OneDnn.matrix(rows, columns, columns, 1);
        var result = OneDnn.matrix(y, rows, columns, columns, 1);
        var row = OneDnn.vector(DType.FLOAT32, columns);
        var statistics = OneDnn.vector(DType.FLOAT32, rows);
        var flags = dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;
        try (var attributes = attributes()) {
            var description = new layer_normalization_forward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.forward_training.value,
                    x,
                    result,
                    statistics,
                    (float) epsilon,
                    flags,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new layer_normalization_forward(description),
                    description,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_SCALE, row),
                            new Execution.Argument(dnnl.DNNL_ARG_SHIFT, row),
                            new Execution.Argument(dnnl.DNNL_ARG_DST, result),
                            new Execution.Argument(dnnl.DNNL_ARG_MEAN, statistics),
                            new Execution.Argument(dnnl.DNNL_ARG_VARIANCE, statistics)));
        }
    }

    /// A function's derivative times `dY`. Arguments: `dY`, the function's operand or result, the derivative.
    Execution eltwiseGradient(Eltwise function, memory.desc x) {
        try (var attributes = attributes();
                var forward = new eltwise_forward.primitive_desc(
                        library.engine(),
                        dnnl.prop_kind.forward_training,
                        function.algorithm(),
                        x,
                        x,
                        function.alpha(),
                        function.beta(),
                        attributes,
                        false)) {
            var backward = new eltwise_backward.primitive_desc(
                    library.engine(),
                    function.gradientAlgorithm(),
                    x,
                    x,
                    x,
                    function.alpha(),
                    function.beta(),
                    forward,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new eltwise_backward(backward),
                    backward,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, x),
                            new Execution.Argument(function.gradientArgument(), x),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, x)));
        }
    }

    /// LayerNorm's gradient over the rows of a matrix. Arguments: `dY`, `X`, scale, means, variances that include
    /// epsilon, then the gradients of `X`, scale and bias.
    Execution layerNormGradient(long rows, long columns) {
        var x = OneDnn.matrix(rows, columns, columns, 1);
        var row = OneDnn.floats(new long[] {columns}, new long[] {1});
        var statistics = OneDnn.floats(new long[] {rows}, new long[] {1});
        var flags = dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;
        try (var attributes = attributes();
                var forward = new layer_normalization_forward.primitive_desc(
                        library.engine(), dnnl.prop_kind.forward_training.value, x, x, statistics, 0, flags)) {
            var backward = new layer_normalization_backward.primitive_desc(
                    library.engine(),
                    dnnl.prop_kind.backward.value,
                    x,
                    x,
                    x,
                    statistics,
                    0,
                    flags,
                    forward,
                    attributes,
                    false);
            return new Execution(
                    library,
                    new layer_normalization_backward(backward),
                    backward,
                    List.of(
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_DST, x),
                            new Execution.Argument(dnnl.DNNL_ARG_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_SCALE, row),
                            new Execution.Argument(dnnl.DNNL_ARG_MEAN, statistics),
                            new Execution.Argument(dnnl.DNNL_ARG_VARIANCE, statistics),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SRC, x),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SCALE, row),
                            new Execution.Argument(dnnl.DNNL_ARG_DIFF_SHIFT, row)));
        }
    }

    static primitive_attr attributes() {
        var attributes = new primitive_attr();
        // The library's own scratchpads belong to the thread that makes the primitive.
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        return attributes;
    }
}
