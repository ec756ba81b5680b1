package dev.lejepa.runtime.engine;

import dev.lejepa.graphs.ir.DType;
import java.util.List;
import java.util.stream.Collectors;

/// An input or output of a graph: its name, element type and shape.
///
/// @param shape `-1` for a free dimension
public record Port(String name, DType dtype, List<Long> shape) {
    public Port {
        shape = List.copyOf(shape);
    }

    /// Whether all dimensions are known.
    public boolean isStatic() {
        return shape.stream().allMatch(d -> d >= 0);
    }

    /// Whether a tensor of this type and shape fits.
    public boolean accepts(DType otherDtype, List<Long> otherShape) {
        if (dtype != otherDtype || shape.size() != otherShape.size()) {
            return false;
        }
        for (var i = 0; i < shape.size(); i++) {
            if (shape.get(i) >= 0 && !shape.get(i).equals(otherShape.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// The type as messages have it: `float32 [?, 3, 32, 32]`.
    public String describe() {
        return describe(dtype, shape);
    }

    /// Element type and shape as messages have them.
    public static String describe(DType dtype, List<Long> shape) {
        return dtype.label()
                + shape.stream().map(d -> d < 0 ? "?" : Long.toString(d)).collect(Collectors.joining(", ", " [", "]"));
    }
}
