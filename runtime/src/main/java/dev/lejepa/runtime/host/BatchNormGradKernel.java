package dev.lejepa.runtime.host;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.runtime.kernel.Attributes;
import dev.lejepa.runtime.kernel.Kernel;
import dev.lejepa.runtime.kernel.KernelCall;
import dev.lejepa.runtime.kernel.Peers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// `BatchNormGrad` of maps `[.., C]`: one pass for the sums, one for the gradient of the maps. Where the maps are those
/// of several processes, these give each other their sums between the two.
final class BatchNormGradKernel implements Kernel {
    private final DType type;
    private final boolean relu;
    private final Peers peers;

    /// @param peers of this process
    BatchNormGradKernel(DType type, boolean relu, Attributes attributes, Peers peers) {
        this.peers = BatchNormKernel.shared(attributes) ? peers : Peers.none();
        this.type = type;
        this.relu = relu;
    }

    @Override
    public void compute(KernelCall call) {
        var dims = call.shape(1);
        var rows = RowPieces.of(type, dims);
        var c = rows.channels();
        var scale = BatchNormKernel.floats(call.input(2), c);
        var mean = BatchNormKernel.floats(call.input(3), c);
        var inverse = BatchNormKernel.floats(call.input(4), c);
        var opening = relu
                ? Optional.of(Opening.of(
                        rows, ChannelLine.of(scale, BatchNormKernel.floats(call.input(5), c), mean, inverse)))
                : Optional.<Opening>empty();
        var operands = new Operands(rows, call.input(0), call.input(1), opening);
        var sums = Sums.of(call, operands, mean);
        var dx = call.output(0, dims);
        var all = peers.gather(sums.both());
        Plane.of(rows.rows() * all.size(), scale, mean, inverse, Sums.of(all)).apply(call, operands, dx);
        var dScale = new float[c];
        var dBias = new float[c];
        for (var i = 0; i < c; i++) {
            dScale[i] = (float) (sums.products[i] * inverse[i]);
            dBias[i] = (float) sums.gradients[i];
        }
        BatchNormKernel.write(call.output(1, c), dScale);
        BatchNormKernel.write(call.output(2, c), dBias);
    }

    @Override
    public void close() {}

    /// @param opening of the ReLU after the norm, where there is one
    private record Operands(RowPieces rows, long dy, long x, Optional<Opening> opening) {
        Tiles tiles() {
            return new Tiles(this, rows.at(dy), rows.at(x), rows.tile(), rows.tile());
        }
    }

    /// `a x + b` for each element of a tile: the norm's result, whose ReLU lets gradients pass where it is positive.
    private record Opening(Lanes a, Lanes b) {
        static Opening of(RowPieces rows, ChannelLine line) {
            return new Opening(rows.tiled(line.a()), rows.tiled(line.b()));
        }

        void open(Lanes dy, Lanes x, int n) {
            for (var l = 0; l < dy.count(); l++) {
                open(dy.lane(l), x.lane(l), a.lane(l), b.lane(l), dy.length(l, n));
            }
        }

        private static void open(float[] dy, float[] x, float[] a, float[] b, int n) {
            for (var i = 0; i < n; i++) {
                dy[i] *= Math.signum(Math.max(Math.fma(x[i], a[i], b[i]), 0f));
            }
        }
    }

    /// Some rows of both operands at a time, for one thread.
    private record Tiles(Operands operands, Elements gradient, Elements maps, Lanes dy, Lanes x) {
        /// @return elements of the tile
        int load(long row, long end) {
            var rows = operands.rows;
            var n = rows.tileSize(row, end);
            gradient.load(row * rows.channels(), dy, n);
            maps.load(row * rows.channels(), x, n);
            operands.opening.ifPresent(o -> o.open(dy, x, n));
            return n;
        }
    }

    /// Sums over rows, of the gradients and of their products with the centered maps.
    private record Sums(double[] gradients, double[] products) {
        static Sums of(KernelCall call, Operands operands, float[] mean) {
            var rows = operands.rows;
            var means = rows.tiled(mean);
            var parts = new Sums[rows.pieces()];
            rows.run(call, () -> {
                var tiles = operands.tiles();
                var gradient = rows.tile();
                var product = rows.tile();
                return (piece, first, end) -> {
                    gradient.clear();
                    product.clear();
                    for (var row = first; row < end; row += rows.tileRows()) {
                        var n = tiles.load(row, end);
                        add(tiles, means, gradient, product, n);
                    }
                    parts[piece] = new Sums(new double[rows.channels()], new double[rows.channels()]);
                    gradient.addTo(parts[piece].gradients);
                    product.addTo(parts[piece].products);
                };
            });
            var total = parts[0];
            for (var i = 1; i < parts.length; i++) {
                add(total.gradients, parts[i].gradients);
                add(total.products, parts[i].products);
            }
            return total;
        }

        /// Those of all processes together.
        static Sums of(List<double[]> all) {
            var total = all.getFirst().clone();
            all.stream().skip(1).forEach(part -> add(total, part));
            var c = total.length / 2;
            return new Sums(Arrays.copyOf(total, c), Arrays.copyOfRange(total, c, total.length));
        }

        double[] both() {
            return DoubleStream.concat(DoubleStream.of(gradients), DoubleStream.of(products))
                    .toArray();
        }

        private static void add(Tiles tiles, Lanes means, Lanes gradient, Lanes product, int n) {
            for (var l = 0; l < means.count(); l++) {
                add(
                        tiles.dy.lane(l),
                        tiles.x.lane(l),
                        means.lane(l),
                        gradient.lane(l),
                        product.lane(l),
                        means.length(l, n));
            }
        }

        private static void add(float[] dy, float[] x, float[] mean, float[] gradient, float[] product, int n) {
            for (var i = 0; i < n; i++) {
                gradient[i] += dy[i];
                product[i] = Math.fma(dy[i], x[i] - mean[i], product[i]);
            }
        }

        private static void add(double[] total, double[] part) {
            for (var i = 0; i < total.length; i++) {
                total[i] += part[i];
            }
        }
    }

    /// `a dy + b x + d` for each channel.
    private record Plane(float[] a, float[] b, float[] d) {
        static Plane of(long rows, float[] scale, float[] mean, float[] inverse, Sums sums) {
            var c = scale.length;
            var plane = new Plane(new float[c], new float[c], new float[c]);
            for (var i = 0; i < c; i++) {
                var a = (double) scale[i] * inverse[i];
                plane.a[i] = (float) a;
                plane.b[i] = (float) (-a * inverse[i] * inverse[i] * sums.products[i] / rows);
                plane.d[i] = (float) (-a * sums.gradients[i] / rows - (double) plane.b[i] * mean[i]);
            }
            return plane;
        }

        void apply(KernelCall call, Operands operands, long to) {
            var rows = operands.rows;
            var slopes = rows.tiled(a);
            var falls = rows.tiled(b);
            var starts = rows.tiled(d);
            rows.runBack(call, () -> {
                var tiles = operands.tiles();
                var dy = tiles.dy;
                var dx = rows.at(to);
                return (_, first, end) -> {
                    for (var row = first; row < end; row += rows.tileRows()) {
                        var n = tiles.load(row, end);
                        for (var l = 0; l < dy.count(); l++) {
                            apply(
                                    dy.lane(l),
                                    tiles.x.lane(l),
                                    slopes.lane(l),
                                    falls.lane(l),
                                    starts.lane(l),
                                    dy.length(l, n));
                        }
                        dx.store(dy, row * rows.channels(), n);
                    }
                };
            });
        }

        private static void apply(float[] dy, float[] x, float[] a, float[] b, float[] d, int n) {
            for (var i = 0; i < n; i++) {
                dy[i] = Math.fma(a[i], dy[i], Math.fma(b[i], x[i], d[i]));
            }
        }
    }
}
