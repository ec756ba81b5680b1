package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.ShapeException;
import dev.lejepa.graphs.ir.Tensor;
import java.util.Arrays;

/// A dense row-major array in double precision. Integers are kept as doubles too, exactly up to 2^53.
public final class NdArray {
    private final Shape shape;
    private final double[] data;

    private NdArray(Shape shape, double[] data) {
        if (shape.batched() || shape.size() != data.length) {
            throw new ShapeException(Text.format("%d elements do not fill %s", data.length, shape));
        }
        this.shape = shape;
        this.data = data;
    }

    /// An array over `data` itself, which is not copied.
    public static NdArray of(Shape shape, double... data) {
        return new NdArray(shape, data);
    }

    /// An array of these numbers, widened.
    public static NdArray of(Shape shape, float[] data) {
        var wide = new double[data.length];
        for (var i = 0; i < data.length; i++) {
            wide[i] = data[i];
        }
        return new NdArray(shape, wide);
    }

    /// An array of these integers.
    public static NdArray of(Shape shape, long[] data) {
        return new NdArray(shape, Arrays.stream(data).asDoubleStream().toArray());
    }

    /// A copy of a constant.
    public static NdArray of(Tensor tensor) {
        var data = new double[Math.toIntExact(tensor.type().shape().size())];
        Arrays.setAll(data, tensor::get);
        return new NdArray(tensor.type().shape(), data);
    }

    public static NdArray scalar(double value) {
        return new NdArray(Shape.scalar(), new double[] {value});
    }

    public static NdArray zeros(Shape shape) {
        return new NdArray(shape, new double[Math.toIntExact(shape.size())]);
    }

    public Shape shape() {
        return shape;
    }

    /// One dimension; negative axes count from the end.
    public int dim(int axis) {
        return Math.toIntExact(shape.dim(axis));
    }

    public int size() {
        return data.length;
    }

    /// The elements in row-major order; not a copy.
    public double[] data() {
        return data;
    }

    /// Element `i` in row-major order.
    public double get(int i) {
        return data[i];
    }

    /// The only element.
    public double item() {
        if (data.length != 1) {
            throw new IllegalStateException(Text.format("%s holds %d elements, not one", shape, data.length));
        }
        return data[0];
    }

    /// The elements rounded to float32.
    public float[] toFloats() {
        var f = new float[data.length];
        for (var i = 0; i < f.length; i++) {
            f[i] = (float) data[i];
        }
        return f;
    }

    /// The elements as integers, fractions cut off.
    public long[] toLongs() {
        return Arrays.stream(data).mapToLong(d -> (long) d).toArray();
    }

    /// The same elements in another shape.
    NdArray as(Shape to) {
        return new NdArray(to, data);
    }

    /// The length of the last axis, over which rows are taken; 1 for a scalar.
    int rowLength() {
        return shape.rank() == 0 ? 1 : dim(-1);
    }

    @Override
    public String toString() {
        return data.length <= 8 ? shape + " " + Arrays.toString(data) : shape.toString();
    }
}
