package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import java.util.Optional;

/// `BatchNormGrad` of maps `[.., C]`: one pass for the sums, one for the gradient of the maps.
final class BatchNormGradKernel implements Kernel {
    private final DType type;
    private final boolean relu;

    BatchNormGradKernel(DType type, boolean relu) {
        this.type = type;
        this.relu = relu;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var rows = RowPieces.of(dims);
        var c = rows.channels();
        var dy = call.input(0);
        var x = call.input(1);
        var mean = BatchNormKernel.floats(call.input(3), c);
        var inverse = BatchNormKernel.floats(call.input(4), c);
        var line = relu
                ? Optional.of(ChannelLine.of(
                        BatchNormKernel.floats(call.input(2), c),
                        BatchNormKernel.floats(call.input(5), c),
                        mean,
                        inverse))
                : Optional.<ChannelLine>empty();
        var parts = new Sums[rows.pieces()];
        rows.run(call, (piece, first, end) -> {
            parts[piece] = new Sums(c);
            parts[piece].add(tiles(rows, dy, x, line), mean, first, end);
        });
        var total = new Sums(c);
        for (var part : parts) {
            total.add(part);
        }
        var dScale = new float[c];
        var dBias = new float[c];
        for (var i = 0; i < c; i++) {
            dScale[i] = (float) (total.products[i] * inverse[i]);
            dBias[i] = (float) total.gradients[i];
        }
        var plane = Plane.of(rows.rows(), BatchNormKernel.floats(call.input(2), c), mean, inverse, total);
        var dx = call.output(0, dims);
        rows.run(
                call,
                (_, first, end) ->
                        plane.apply(tiles(rows, dy, x, line), new Elements(type, dx, rows.size()), first, end));
        BatchNormKernel.write(call.output(1, c), dScale);
        BatchNormKernel.write(call.output(2, c), dBias);
    }

    @Override
    public void close() {}

    private Tiles tiles(RowPieces rows, long dy, long x, Optional<ChannelLine> line) {
        return new Tiles(rows, line, new Elements(type, dy, rows.size()), new Elements(type, x, rows.size()));
    }

    /// Some rows of both operands at a time.
    private static final class Tiles {
        private final RowPieces rows;
        private final Elements gradient;
        private final Elements maps;
        private final float[] dy;
        private final float[] x;
        /// The norm's result, whose ReLU lets gradients pass where it is positive.
        private final Optional<Opening> opening;

        Tiles(RowPieces rows, Optional<ChannelLine> line, Elements gradient, Elements maps) {
            this.rows = rows;
            this.gradient = gradient;
            this.maps = maps;
            this.dy = new float[rows.tileRows() * rows.channels()];
            this.x = new float[dy.length];
            this.opening = line.map(l -> new Opening(rows.tiled(l.a()), rows.tiled(l.b())));
        }

        /// @return elements of the tile
        int load(long row, long end) {
            var n = (int) Math.min(rows.tileRows(), end - row) * rows.channels();
            gradient.load(row * rows.channels(), dy, 0, n);
            maps.load(row * rows.channels(), x, 0, n);
            opening.ifPresent(o -> open(dy, x, o.slopes, o.starts, n));
            return n;
        }
    }

    /// `a x + b` for each element of a tile.
    private record Opening(float[] slopes, float[] starts) {}

    private static void open(float[] dy, float[] x, float[] a, float[] b, int n) {
        for (var i = 0; i < n; i++) {
            dy[i] *= Math.signum(Math.max(Math.fma(x[i], a[i], b[i]), 0f));
        }
    }

    /// Sums over rows, of the gradients and of their products with the centered maps.
    private static final class Sums {
        private final double[] gradients;
        private final double[] products;

        Sums(int channels) {
            this.gradients = new double[channels];
            this.products = new double[channels];
        }

        void add(Tiles tiles, float[] mean, long first, long end) {
            var means = tiles.rows.tiled(mean);
            var gradient = new float[means.length];
            var product = new float[means.length];
            for (var row = first; row < end; row += tiles.rows.tileRows()) {
                var n = tiles.load(row, end);
                add(tiles.dy, tiles.x, means, gradient, product, n);
            }
            tiles.rows.addTo(gradients, gradient);
            tiles.rows.addTo(products, product);
        }

        private static void add(float[] dy, float[] x, float[] mean, float[] gradient, float[] product, int n) {
            for (var i = 0; i < n; i++) {
                gradient[i] += dy[i];
                product[i] = Math.fma(dy[i], x[i] - mean[i], product[i]);
            }
        }

        void add(Sums part) {
            for (var i = 0; i < gradients.length; i++) {
                gradients[i] += part.gradients[i];
                products[i] += part.products[i];
            }
        }
    }

    /// `a dy + b (x - mean) + d` for each channel.
    private record Plane(float[] a, float[] b, float[] d, float[] mean) {
        static Plane of(long rows, float[] scale, float[] mean, float[] inverse, Sums sums) {
            var c = scale.length;
            var plane = new Plane(new float[c], new float[c], new float[c], mean);
            for (var i = 0; i < c; i++) {
                var a = (double) scale[i] * inverse[i];
                plane.a[i] = (float) a;
                plane.b[i] = (float) (-a * inverse[i] * inverse[i] * sums.products[i] / rows);
                plane.d[i] = (float) (-a * sums.gradients[i] / rows);
            }
            return plane;
        }

        void apply(Tiles tiles, Elements dx, long first, long end) {
            var rows = tiles.rows;
            var a = rows.tiled(this.a);
            var b = rows.tiled(this.b);
            var d = rows.tiled(this.d);
            var means = rows.tiled(mean);
            for (var row = first; row < end; row += rows.tileRows()) {
                var n = tiles.load(row, end);
                apply(tiles.dy, tiles.x, a, b, d, means, n);
                dx.store(tiles.dy, 0, row * rows.channels(), n);
            }
        }

        private static void apply(float[] dy, float[] x, float[] a, float[] b, float[] d, float[] mean, int n) {
            for (var i = 0; i < n; i++) {
                dy[i] = Math.fma(a[i], dy[i], Math.fma(b[i], x[i] - mean[i], d[i]));
            }
        }
    }
}
