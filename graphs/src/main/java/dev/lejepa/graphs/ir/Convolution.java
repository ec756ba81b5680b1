package dev.lejepa.graphs.ir;

import static dev.lejepa.graphs.ir.OpRules.arity;

import dev.lejepa.graphs.Text;
import java.util.List;

/// Convolution of maps and its gradients. Weights are `[O, C / groups, kh, kw]` in every layout.
public sealed interface Convolution extends Op {
    /// `(x, weights)` or `(x, weights, bias)` to the cross-correlation of the maps `x` with `O` filters, plus the
    /// float32 bias `[O]`. Channels fall into groups, and so do filters; a filter reads the channels of its own group.
    ///
    /// @param groups 1, or as many as there are channels: a depthwise convolution
    /// @param layout of `x` and of the result
    /// @param result element type of the result: that of the operands, or float32, the type that products are summed in
    record Conv(Window window, int groups, ImageLayout layout, DType result) implements Convolution {
        /// A convolution of float32 maps.
        public Conv(Window window, int groups, ImageLayout layout) {
            this(window, groups, layout, DType.FLOAT32);
        }

        /// This convolution with another element type of the result.
        public Conv to(DType newResult) {
            return new Conv(window, groups, layout, newResult);
        }

        /// Whether every channel is a group of its own.
        public boolean isDepthwise(Shape x) {
            return groups > 1 && layout.channels(x) == groups;
        }

        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2, 3);
            var x = maps(in.get(0));
            var weights = filters(in.get(1), layout.channels(x.shape()));
            sameElements(x, in.get(1));
            var filters = weights.dim(0);
            if (in.size() == 3 && !in.get(2).equals(Type.f32(filters))) {
                throw new ShapeException(Text.format("the bias must be %s, found %s", Type.f32(filters), in.get(2)));
            }
            return List.of(new Type(result, resultShape(x.shape(), filters)));
        }

        private Shape resultShape(Shape x, long filters) {
            return layout.shape(
                    x,
                    filters,
                    window.height().places(layout.height(x)),
                    window.width().places(layout.width(x)));
        }

        private Shape filters(Type weights, long channels) {
            var expected = List.of(channels / groups, (long) window.height().kernel(), (long)
                    window.width().kernel());
            var w = weights.shape();
            if (channels % groups != 0
                    || w.rank() != 4
                    || w.dim(0) % groups != 0
                    || !expected.equals(List.of(w.dim(1), w.dim(2), w.dim(3)))) {
                throw new ShapeException(Text.format(
                        "weights for %d channels in groups of number %d must be [O, %d, %d, %d], found %s",
                        channels, groups, expected.get(0), expected.get(1), expected.get(2), w));
            }
            return w;
        }

        private static Type maps(Type x) {
            if (x.shape().rank() != 4) {
                throw new ShapeException(Text.format("maps have four axes, found %s", x.shape()));
            }
            return x;
        }

        private void sameElements(Type a, Type b) {
            if (a.dtype() != b.dtype() || result != a.dtype() && result != DType.FLOAT32) {
                throw new ShapeException(Text.format(
                        "a convolution of %s and %s cannot be %s",
                        a.dtype().label(), b.dtype().label(), result.label()));
            }
        }
    }

    /// `(dy, weights)` to the gradient of a [Conv] with respect to its maps.
    ///
    /// @param conv with the element type of this gradient as its result
    /// @param height of the maps
    /// @param width of the maps
    record ConvDataGrad(Conv conv, long height, long width) implements Convolution, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            var dy = Conv.maps(in.get(0));
            var channels = in.get(1).shape().dim(1) * conv.groups;
            var w = conv.filters(in.get(1), channels);
            var x = conv.layout.shape(dy.shape(), channels, height, width);
            conv.sameElements(dy, in.get(1));
            expect(dy, conv.resultShape(x, w.dim(0)));
            return List.of(new Type(conv.result, x));
        }
    }

    /// `(dy, x)` to the gradient of a [Conv] with respect to its weights.
    ///
    /// @param conv with the element type of this gradient as its result
    record ConvWeightsGrad(Conv conv) implements Convolution, Op.Backward {
        @Override
        public List<Type> infer(List<Type> in) {
            arity(in, 2);
            var x = Conv.maps(in.get(1));
            var filters = conv.layout.channels(in.get(0).shape());
            conv.sameElements(in.get(0), x);
            expect(in.get(0), conv.resultShape(x.shape(), filters));
            if (x.shape().batched()) {
                throw new ShapeException("a gradient of weights needs a known number of images");
            }
            var shape = Shape.of(
                    filters,
                    conv.layout.channels(x.shape()) / conv.groups,
                    conv.window.height().kernel(),
                    conv.window.width().kernel());
            return List.of(new Type(conv.result, shape));
        }
    }

    private static void expect(Type dy, Shape shape) {
        if (!dy.shape().equals(shape)) {
            throw new ShapeException(Text.format("the result is %s, its gradient %s", shape, dy.shape()));
        }
    }
}
