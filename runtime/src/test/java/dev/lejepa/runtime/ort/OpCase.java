package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/// One application of an operator with operands to feed.
///
/// @param op name of the operator that the case is about
record OpCase(String op, String what, Function<OpCase.Feeds, List<Value>> build) {
    /// Ends the name of a case in which ONNX Runtime's kernels for host cores compute something else than those for
    /// CUDA.
    static final String NOT_CUDA_KERNELS = " (not as on CUDA)";

    /// How many items stand for the symbolic batch.
    static final long BATCH = 3;

    @Override
    public String toString() {
        return op + (what.isEmpty() ? "" : " " + what);
    }

    /// A graph whose inputs get seeded values as they are made.
    static final class Feeds {
        final Graph graph = new Graph("case");
        final Map<String, NdArray> values = new LinkedHashMap<>();
        private final Random random = new Random(7);

        Value normal(long... dims) {
            return normal(Shape.of(dims));
        }

        Value normal(Shape shape) {
            return draw(shape, x -> x);
        }

        Value positive(long... dims) {
            return draw(Shape.of(dims), x -> Math.abs(x) + 0.1);
        }

        Value draw(Shape shape, DoubleUnaryOperator ofNormal) {
            var type = new Type(DType.FLOAT32, shape);
            return feed(type, i -> (float) ofNormal.applyAsDouble(random.nextGaussian()));
        }

        Value labels(int classes, long rows) {
            return feed(Type.i64(rows), i -> random.nextInt(classes));
        }

        Value integer(long value, long... dims) {
            return feed(Type.i64(dims), i -> value);
        }

        List<Value> apply(Op op, Value... operands) {
            return graph.apply(op, operands);
        }

        private Value feed(Type type, DoubleUnaryOperator element) {
            var shape = type.shape().bind(BATCH);
            var data = new double[Math.toIntExact(shape.size())];
            Arrays.setAll(data, i -> element.applyAsDouble(i));
            var label = "x" + values.size();
            values.put(label, NdArray.of(shape, data));
            return graph.input(label, type);
        }
    }
}
