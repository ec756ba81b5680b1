package dev.lejepa.graphs.safetensors;

import java.util.Arrays;
import java.util.List;

/// Name, number format and shape of a stored tensor.
///
/// @param shape sizes from the slowest dimension to the fastest; empty for a scalar
public record TensorInfo(String name, ElementType type, List<Long> shape) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// The same with the shape as plain numbers.
    public static TensorInfo of(String name, ElementType type, long... shape) {
        return new TensorInfo(name, type, Arrays.stream(shape).boxed().toList());
    }

    /// Number of elements.
    public long count() {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /// Size of the data in bytes.
    public long bytes() {
        return Math.multiplyExact(count(), type.bytes());
    }

    /// Format and shape as messages write them: `F32 [192, 576]`.
    public String form() {
        return type + " " + shape;
    }
}
