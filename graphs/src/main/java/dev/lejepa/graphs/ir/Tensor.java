package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.Arrays;

/// A small immutable tensor known when the graph is built: float32 or int64, row-major.
public sealed interface Tensor {
    Type type();

    /// Element `i` in row-major order, widened.
    double get(int i);

    /// float32 elements, row-major. They are kept in double precision, so that graphs evaluated in double are exact; the
    /// engine gets the nearest float32.
    final class Floats implements Tensor {
        private final Type type;
        private final double[] data;

        private Floats(Shape shape, double[] data) {
            check(shape, data.length);
            this.type = Type.f32(shape);
            this.data = data;
        }

        @Override
        public Type type() {
            return type;
        }

        @Override
        public double get(int i) {
            return data[i];
        }

        /// The elements rounded to float32.
        public float[] data() {
            var rounded = new float[data.length];
            for (var i = 0; i < data.length; i++) {
                rounded[i] = (float) data[i];
            }
            return rounded;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Floats f && type.equals(f.type) && Arrays.equals(data, f.data);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return data.length <= 8 ? type + " " + Arrays.toString(data()) : type.toString();
        }
    }

    /// int64 elements, row-major.
    final class Longs implements Tensor {
        private final Type type;
        private final long[] data;

        private Longs(Shape shape, long[] data) {
            check(shape, data.length);
            this.type = new Type(DType.INT64, shape);
            this.data = data;
        }

        @Override
        public Type type() {
            return type;
        }

        @Override
        public double get(int i) {
            return data[i];
        }

        public long[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Longs l && type.equals(l.type) && Arrays.equals(data, l.data);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return data.length <= 8 ? type + " " + Arrays.toString(data) : type.toString();
        }
    }

    /// A float32 tensor over a copy of `data`.
    static Floats of(Shape shape, float... data) {
        var wide = new double[data.length];
        for (var i = 0; i < data.length; i++) {
            wide[i] = data[i];
        }
        return new Floats(shape, wide);
    }

    /// A float32 tensor of numbers known in double precision.
    static Floats of(Shape shape, double... data) {
        return new Floats(shape, data.clone());
    }

    /// A float32 tensor with every element equal to `value`.
    static Floats filled(Shape shape, double value) {
        var data = new double[Math.toIntExact(shape.size())];
        Arrays.fill(data, value);
        return new Floats(shape, data);
    }

    /// A float32 scalar.
    static Floats scalar(double value) {
        return new Floats(Shape.scalar(), new double[] {value});
    }

    /// An int64 tensor over a copy of `data`.
    static Longs of(Shape shape, long... data) {
        return new Longs(shape, data.clone());
    }

    private static void check(Shape shape, int length) {
        if (shape.batched() || shape.size() != length) {
            throw new ShapeException(Text.format("%d elements do not fill %s", length, shape));
        }
    }
}
