package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;
import static dev.lejepa.graphs.onnx.Target.Capability.MICROSOFT_KERNELS;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Type;
import java.util.Arrays;
import java.util.List;

/// Operators that move elements. A free batch dimension is never written as a number.
final class Layouts {
    private Layouts() {}

    static List<Ref> reshape(Site s) {
        return s.withConstants("Reshape", List.of(s.constant(target(s.type().shape(), -1))));
    }

    static List<Ref> pad(Site s, Movement.Pad p) {
        var rank = s.type().shape().rank();
        var pads = new long[2 * rank];
        pads[p.axis()] = p.before();
        pads[rank + p.axis()] = p.after();
        return s.withConstants("Pad", List.of(s.constant(pads)));
    }

    static List<Ref> expand(Site s) {
        var shape = s.type().shape();
        if (s.in(0).shape().equals(shape)) {
            return s.in();
        }
        var x = s.in(0).shape();
        if (!shape.batched() || x.batched() && x.rank() == shape.rank() && x.dim(0) == shape.dim(0)) {
            // A 1 leaves the operand's own dimension as it is.
            return s.withConstants("Expand", List.of(s.constant(target(shape, 1))));
        }
        return List.of(s.node("Expand", s.type(), List.of(s.in(0), dynamic(s, shape))));
    }

    /// The value with no rows of what it waits for after it. Such a concatenation copies the value, whatever numbers it
    /// holds, and no runtime takes it for the value itself: no rule knows that the second part is empty.
    static List<Ref> barrier(Site s) {
        var value = s.in(0);
        var after = s.in(1);
        var row = after.type().withShape(Shape.of(after.shape().size()));
        var elements = s.node("Reshape", row, List.of(after, s.constant(-1L)));
        var zero = s.constant(0L);
        var none = s.node("Slice", row.withShape(Shape.of(0)), List.of(elements, zero, zero, zero));
        var shape = value.shape().with(0, 0);
        var rows = s.node(
                "Reshape",
                new Type(after.type().dtype(), shape),
                List.of(none, s.constant(shape.dims())),
                Protos.attribute("allowzero", 1L));
        var operands = List.of(value, s.cast(rows, value.type().dtype()));
        return s.whole("Concat", operands, Protos.attribute("axis", 0L));
    }

    /// A shape whose leading dimension is only known when the graph runs.
    private static Ref dynamic(Site s, Shape shape) {
        var one = new Type(DType.INT64, Shape.of(1));
        var lead = s.batchSize();
        if (shape.dim(0) != 1) {
            lead = s.node("Mul", one, List.of(lead, s.constant(shape.dim(0))));
        }
        var rest = Arrays.copyOfRange(shape.dims(), 1, shape.rank());
        return rest.length == 0
                ? lead
                : s.node(
                        "Concat",
                        one.withShape(Shape.of(shape.rank())),
                        List.of(lead, s.constant(rest)),
                        Protos.attribute("axis", 0L));
    }

    private static long[] target(Shape shape, long free) {
        var dims = shape.dims();
        if (shape.batched()) {
            dims[0] = free;
        }
        return dims;
    }

    /// Every position of an axis is added to zeros at its place. ONNX Runtime's kernel for that knows the places alone;
    /// standard ONNX wants one for every element.
    static List<Ref> gatherGrad(Site s, Movement.GatherGrad m) {
        if (s.has(MICROSOFT_KERNELS)) {
            var shape = s.constant(s.type().shape().dims());
            return s.wholeFused(
                    "GatherGrad", List.of(shape, s.constant(m.places()), s.in(0)), attribute("axis", (long) m.axis()));
        }
        var dims = new long[s.type().shape().rank()];
        Arrays.fill(dims, 1);
        dims[m.axis()] = m.places().size();
        var places = Tensor.of(
                Shape.of(dims), m.places().stream().mapToLong(Long::longValue).toArray());
        var everywhere = s.value(
                List.of(s.in(0)),
                in -> in.getFirst()
                        .graph()
                        .constant(places)
                        .expand(in.getFirst().shape()));
        var zeros = s.value(
                List.of(s.in(0)),
                in -> in.getFirst().graph().scalar(0).expand(s.type().shape()));
        return s.whole(
                "ScatterElements",
                List.of(zeros, everywhere, s.in(0)),
                attribute("axis", (long) m.axis()),
                attribute("reduction", "add"));
    }
}
