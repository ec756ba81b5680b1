package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.nn.BatchNorm2d;
import dev.lejepa.graphs.nn.Conv2d;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Scope;

/// A convolution without a bias and the BatchNorm behind it.
///
/// @param kernel elements of a side of its square
/// @param style of the family
/// @param scale how BatchNorm's weights start: at 1, or at 0 where the branch begins as nothing
record ConvNorm(long in, long out, int kernel, int stride, int groups, Style style, Init scale) {
    /// What all convolutions of a model have in common.
    ///
    /// @param padding of them
    /// @param epsilon of BatchNorm
    /// @param init of their weights
    record Style(Padding padding, double epsilon, FanOut init) {}

    /// How maps are padded.
    enum Padding {
        /// By half the kernel on all sides, as torch's models are.
        HALF,
        /// So that the window's places are the map's size over the stride, rounded up, with the odd element behind, as
        /// TensorFlow's models are.
        SAME
    }

    ConvNorm(long in, long out, int kernel, int stride, int groups, Style style) {
        this(in, out, kernel, stride, groups, style, Init.ones());
    }

    /// @param conv where the convolution's weights are
    /// @param norm where BatchNorm's parameters are
    Value forward(Scope conv, Scope norm, Value x) {
        return new BatchNorm2d(out, style.epsilon, 0.1, scale).forward(norm, convolve(conv, x));
    }

    /// The convolution alone.
    Value convolve(Scope conv, Value x) {
        var init = style.init.of(out, kernel * kernel, groups);
        return new Conv2d(in, out, window(conv.imageLayout(), x), groups, false, init, Init.zeros()).forward(conv, x);
    }

    private Window window(ImageLayout layout, Value x) {
        return switch (style.padding) {
            case HALF -> Window.square(kernel, stride, (stride - 1 + kernel - 1) / 2);
            case SAME -> new Window(same(layout.height(x.shape())), same(layout.width(x.shape())));
        };
    }

    private Window.Axis same(long size) {
        var covered = (Math.ceilDiv(size, stride) - 1) * stride + kernel;
        var padding = Math.toIntExact(Math.max(0, covered - size));
        return new Window.Axis(kernel, stride, padding / 2, padding - padding / 2, 1);
    }
}
