package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.models.ConvNet.MapLayer;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.AvgPool2d;
import dev.lejepa.graphs.nn.BatchNorm2d;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.SqueezeExcite;
import dev.lejepa.graphs.nn.SqueezeExcite.Biases;

/// A block of a RegNet: a bottleneck with gates of channels behind its middle convolution.
///
/// @param model that it is a part of
/// @param in channels of its maps
/// @param stage that it stands in
/// @param stride by which its maps become smaller
record RegNetBlock(RegNet model, int in, RegNet.Stage stage, int stride, DropPath dropPath) implements MapLayer {
    @Override
    public Value forward(Scope s, Value x) {
        return model.preact() ? before(s, x) : after(s, x);
    }

    /// Normalizations behind the convolutions.
    private Value after(Scope s, Value x) {
        var a = activated(s.at("conv1"), convolution(in, inner(), 1, 1, 1), x);
        var b = gated(s, activated(s.at("conv2"), convolution(inner(), inner(), 3, stride, groups()), a));
        var scale = model.zeroInitLast() ? Init.zeros() : Init.ones();
        var last = new ConvNorm(inner(), stage.width(), 1, 1, 1, RegNet.STYLE, scale);
        var branch = last.forward(s.at("conv3.conv"), s.at("conv3.bn"), b);
        var sum = residual(s, branch, x);
        return model.linearOut() ? sum : model.act().forward(s.at("act3"), sum);
    }

    /// Normalizations before the convolutions; the shortcut reads what the first one makes.
    private Value before(Scope s, Value x) {
        var y = normalized(s.at("norm1"), in, x);
        var a = normalized(
                s.at("norm2"), inner(), convolution(in, inner(), 1, 1, 1).convolve(s.at("conv1"), y));
        var b = gated(s, convolution(inner(), inner(), 3, stride, groups()).convolve(s.at("conv2"), a));
        var c = convolution(inner(), stage.width(), 1, 1, 1)
                .convolve(s.at("conv3"), normalized(s.at("norm3"), inner(), b));
        return residual(s, c, y);
    }

    private static ConvNorm convolution(long from, long to, int kernel, int by, int groups) {
        return new ConvNorm(from, to, kernel, by, groups, RegNet.STYLE);
    }

    private Value activated(Scope s, ConvNorm convolution, Value x) {
        return model.act().forward(s.at("act"), convolution.forward(s.at("conv"), s.at("bn"), x));
    }

    private Value normalized(Scope s, long channels, Value x) {
        return model.act().forward(s, new BatchNorm2d(channels).forward(s, x));
    }

    private int inner() {
        return (int) Math.rint(stage.width() * model.bottleRatio());
    }

    private int groups() {
        return inner() / stage.groupSize();
    }

    private Value gated(Scope s, Value x) {
        if (model.seRatio() == 0) {
            return x;
        }
        var reduced = (long) Math.rint(in * model.seRatio());
        return new SqueezeExcite(inner(), reduced, "fc1", "fc2", model.act(), Act.SIGMOID, FanOut.GROUP, Biases.ZERO)
                .forward(s.at("se"), x);
    }

    /// Without a shortcut there is no drop path either.
    private Value residual(Scope s, Value branch, Value x) {
        if (in == stage.width() && stride == 1) {
            return sum(s, branch, x);
        }
        var place = s.at("downsample");
        return switch (model.downsample()) {
            case NONE -> branch;
            case CONV1X1 -> sum(s, branch, shortcut(place, stride, x));
            case AVG -> {
                var mean = new AvgPool2d(Window.square(2, stride, 0), true, false).forward(place.at("0"), x);
                yield sum(s, branch, shortcut(place.at("1"), 1, mean));
            }
        };
    }

    private Value shortcut(Scope s, int by, Value x) {
        var convolution = convolution(in, stage.width(), 1, by, 1);
        return model.preact() ? convolution.convolve(s, x) : convolution.forward(s.at("conv"), s.at("bn"), x);
    }

    private Value sum(Scope s, Value branch, Value other) {
        var kept = dropPath.forward(s.at("drop_path"), branch);
        return s.within("Residual", () -> kept.add(other));
    }
}
