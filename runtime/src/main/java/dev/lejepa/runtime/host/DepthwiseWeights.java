package dev.lejepa.runtime.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lejepa.graphs.ir.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/// The gradient of a depthwise convolution's weights `[C, 1, kh, kw]`, summed over images `[N, H, W, C]`. The channels
/// of a place lie side by side and fill vectors; several places and weights are added up at once.
public final class DepthwiseWeights {
    private final ConcurrentLinkedDeque<Buffers> idle = new ConcurrentLinkedDeque<>();

    /// The sizes of such a convolution.
    ///
    /// @param type element type of maps and gradients
    /// @param images that are summed over
    public record Sizes(DType type, int images, int channels, Axis rows, Axis columns) {
        int kernel() {
            return rows.kernel * columns.kernel;
        }
    }

    /// The rows or the columns of a convolution.
    ///
    /// @param size elements of the maps
    /// @param places elements of the result
    /// @param kernel elements of the weights
    /// @param before padding before the first element
    public record Axis(int size, int places, int kernel, int stride, int before, int dilation) {
        /// Elements that the window covers at some place, padding included.
        int covered() {
            return (places - 1) * stride + dilation * (kernel - 1) + 1;
        }

        /// Elements of the maps among them.
        int inside() {
            return Math.min(size, covered() - before);
        }
    }

    /// Computes with the thread that calls.
    ///
    /// @param dy address of the gradient of the result
    /// @param x address of the maps
    /// @param sums address of the float32 result
    public void compute(Sizes sizes, long dy, long x, long sums) {
        var found = idle.pollFirst();
        var buffers = found != null && found.sizes.equals(sizes) ? found : new Buffers(sizes);
        buffers.compute(dy, x, sums);
        idle.addFirst(buffers);
    }

    /// What one thread needs: an image inside its padding, its gradient, and the sums, each as one array of channels
    /// for each place or weight. Arrays that differ in all but the index are what the compiler makes vector code of.
    private static final class Buffers {
        private final Sizes sizes;
        private final float[][] maps;
        private final float[][] gradient;
        private final float[][] sums;

        Buffers(Sizes sizes) {
            this.sizes = sizes;
            var rows = sizes.rows;
            var columns = sizes.columns;
            this.maps = new float[rows.covered() * columns.covered()][sizes.channels];
            this.gradient = new float[rows.places * columns.places][sizes.channels];
            this.sums = new float[sizes.kernel()][sizes.channels];
        }

        void compute(long dyAddress, long xAddress, long to) {
            var places = gradient.length;
            var imageSize = sizes.rows.size * sizes.columns.size;
            var dy = new Elements(sizes.type, dyAddress, (long) sizes.images * places * sizes.channels);
            var x = new Elements(sizes.type, xAddress, (long) sizes.images * imageSize * sizes.channels);
            for (var sum : sums) {
                Arrays.fill(sum, 0);
            }
            for (var n = 0; n < sizes.images; n++) {
                for (var p = 0; p < places; p++) {
                    dy.load((long) (n * places + p) * sizes.channels, gradient[p], sizes.channels);
                }
                loadInside(x, (long) n * imageSize);
                for (var row = 0; row < sizes.rows.places; row++) {
                    addRow(row);
                }
            }
            store(x, to);
        }

        /// The padding around the image stays 0.
        private void loadInside(Elements x, long image) {
            for (var row = 0; row < sizes.rows.inside(); row++) {
                var to = (row + sizes.rows.before) * sizes.columns.covered() + sizes.columns.before;
                for (var column = 0; column < sizes.columns.inside(); column++) {
                    var place = image + (long) row * sizes.columns.size + column;
                    x.load(place * sizes.channels, maps[to + column], sizes.channels);
                }
            }
        }

        /// Adds what a row of the result has to all weights.
        private void addRow(int row) {
            var width = sizes.columns.kernel;
            for (var k = 0; k < sizes.rows.kernel; k++) {
                var under = (row * sizes.rows.stride + k * sizes.rows.dilation) * sizes.columns.covered();
                var column = 0;
                for (; column + 3 <= width; column += 3) {
                    addThree(row * sizes.columns.places, under + column * sizes.columns.dilation, k * width + column);
                }
                for (; column < width; column++) {
                    addOne(row * sizes.columns.places, under + column * sizes.columns.dilation, k * width + column);
                }
            }
        }

        /// Adds a row to three weights side by side.
        ///
        /// @param x the first place under the first weight
        private void addThree(int place, int x, int weight) {
            var stride = sizes.columns.stride;
            var apart = sizes.columns.dilation;
            var p = 0;
            if (apart == 1 && stride == 1) {
                for (; p + 3 <= sizes.columns.places; p += 3) {
                    addNine(place + p, x + p, weight);
                }
            } else if (apart == 1 && stride == 2) {
                for (; p + 2 <= sizes.columns.places; p += 2) {
                    addSix(place + p, x + 2 * p, weight);
                }
            }
            for (; p < sizes.columns.places; p++) {
                var m = x + p * stride;
                addThree(
                        maps[m],
                        maps[m + apart],
                        maps[m + 2 * apart],
                        gradient[place + p],
                        sums[weight],
                        sums[weight + 1],
                        sums[weight + 2]);
            }
        }

        private static void addThree(
                float[] x0, float[] x1, float[] x2, float[] d0, float[] s0, float[] s1, float[] s2) {
            for (var i = 0; i < d0.length; i++) {
                s0[i] = Math.fma(x0[i], d0[i], s0[i]);
                s1[i] = Math.fma(x1[i], d0[i], s1[i]);
                s2[i] = Math.fma(x2[i], d0[i], s2[i]);
            }
        }

        /// Three places for three weights, which share five places of the image.
        private void addNine(int p, int m, int w) {
            addNine(
                    maps[m],
                    maps[m + 1],
                    maps[m + 2],
                    maps[m + 3],
                    maps[m + 4],
                    gradient[p],
                    gradient[p + 1],
                    gradient[p + 2],
                    sums[w],
                    sums[w + 1],
                    sums[w + 2]);
        }

        private static void addNine(
                float[] x0,
                float[] x1,
                float[] x2,
                float[] x3,
                float[] x4,
                float[] d0,
                float[] d1,
                float[] d2,
                float[] s0,
                float[] s1,
                float[] s2) {
            for (var i = 0; i < d0.length; i++) {
                s0[i] = Math.fma(x0[i], d0[i], Math.fma(x1[i], d1[i], Math.fma(x2[i], d2[i], s0[i])));
                s1[i] = Math.fma(x1[i], d0[i], Math.fma(x2[i], d1[i], Math.fma(x3[i], d2[i], s1[i])));
                s2[i] = Math.fma(x2[i], d0[i], Math.fma(x3[i], d1[i], Math.fma(x4[i], d2[i], s2[i])));
            }
        }

        /// Two places two apart for three weights, which share five places of the image.
        private void addSix(int p, int m, int w) {
            addSix(
                    maps[m],
                    maps[m + 1],
                    maps[m + 2],
                    maps[m + 3],
                    maps[m + 4],
                    gradient[p],
                    gradient[p + 1],
                    sums[w],
                    sums[w + 1],
                    sums[w + 2]);
        }

        private static void addSix(
                float[] x0,
                float[] x1,
                float[] x2,
                float[] x3,
                float[] x4,
                float[] d0,
                float[] d1,
                float[] s0,
                float[] s1,
                float[] s2) {
            for (var i = 0; i < d0.length; i++) {
                s0[i] = Math.fma(x0[i], d0[i], Math.fma(x2[i], d1[i], s0[i]));
                s1[i] = Math.fma(x1[i], d0[i], Math.fma(x3[i], d1[i], s1[i]));
                s2[i] = Math.fma(x2[i], d0[i], Math.fma(x4[i], d1[i], s2[i]));
            }
        }

        /// Adds a row to one weight.
        private void addOne(int place, int x, int weight) {
            var stride = sizes.columns.stride;
            var p = 0;
            for (; p + 3 <= sizes.columns.places; p += 3) {
                var m = x + p * stride;
                addPlaces(
                        maps[m],
                        maps[m + stride],
                        maps[m + 2 * stride],
                        gradient[place + p],
                        gradient[place + p + 1],
                        gradient[place + p + 2],
                        sums[weight]);
            }
            for (; p < sizes.columns.places; p++) {
                addPlace(maps[x + p * stride], gradient[place + p], sums[weight]);
            }
        }

        private static void addPlaces(
                float[] x0, float[] x1, float[] x2, float[] d0, float[] d1, float[] d2, float[] s) {
            for (var i = 0; i < s.length; i++) {
                s[i] = Math.fma(x0[i], d0[i], Math.fma(x1[i], d1[i], Math.fma(x2[i], d2[i], s[i])));
            }
        }

        private static void addPlace(float[] x, float[] d, float[] s) {
            for (var i = 0; i < s.length; i++) {
                s[i] = Math.fma(x[i], d[i], s[i]);
            }
        }

        /// From `[kh, kw, C]`, whose channels lie as those of the maps did in an array, to `[C, kh, kw]`.
        @SuppressWarnings("restricted") // the caller says where the result is
        private void store(Elements maps, long to) {
            var kernel = sizes.kernel();
            var bytes = (long) kernel * sizes.channels * Float.BYTES;
            var result = MemorySegment.ofAddress(to).reinterpret(bytes);
            for (var i = 0; i < sizes.channels; i++) {
                var channel = (long) maps.element(i, sizes.channels);
                for (var k = 0; k < kernel; k++) {
                    result.setAtIndex(JAVA_FLOAT, channel * kernel + k, sums[k][i]);
                }
            }
        }
    }
}
