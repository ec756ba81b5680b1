package dev.lejepa.graphs.ir;

/// The type of a value: element type and shape.
public record Type(DType dtype, Shape shape) {
    /// A float32 tensor of known dimensions.
    public static Type f32(long... dims) {
        return new Type(DType.FLOAT32, Shape.of(dims));
    }

    /// A float32 tensor.
    public static Type f32(Shape shape) {
        return new Type(DType.FLOAT32, shape);
    }

    /// An int64 tensor of known dimensions.
    public static Type i64(long... dims) {
        return new Type(DType.INT64, Shape.of(dims));
    }

    public Type withShape(Shape newShape) {
        return new Type(dtype, newShape);
    }

    /// Bytes of the tensor, per batch item if batched.
    public long bytes() {
        return shape.size() * dtype.bytes();
    }

    @Override
    public String toString() {
        return dtype.label() + shape;
    }
}
