package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.models.ConvNet.MapLayer;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.AvgPool2d;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.EfficientChannelAttention;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.nn.SqueezeExcite;
import dev.lejepa.graphs.nn.SqueezeExcite.Biases;

/// A block of a residual network: `relu(shortcut(x) + branch(x))`.
///
/// @param model that it is a part of
/// @param in channels of its maps
/// @param planes channels of its branch, before the last convolution expands them
/// @param stride by which its maps become smaller
public record ResNetBlock(ResNet model, long in, int planes, int stride, Shortcut shortcut, DropPath dropPath)
        implements MapLayer {
    /// What the branch is made of.
    public enum Kind {
        /// Two convolutions of kernel 3.
        BASIC("BasicBlock", 1),
        /// Convolutions of kernel 1, 3 and 1, the last four times as wide.
        BOTTLENECK("Bottleneck", 4);

        private final String word;
        private final int expansion;

        Kind(String word, int expansion) {
            this.word = word;
            this.expansion = expansion;
        }

        /// timm's name of it.
        String word() {
            return word;
        }

        int expansion() {
            return expansion;
        }
    }

    /// Gates of channels behind the branch.
    public enum Attention {
        NONE(""),
        /// Squeeze-and-excitation with a sixteenth of the channels between.
        SE("se"),
        /// Squeeze-and-excitation with a quarter of the channels between.
        SE_QUARTER("se_quarter"),
        /// Efficient channel attention.
        ECA("eca");

        private final String word;

        Attention(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /// What is added to the branch.
    public enum Shortcut {
        IDENTITY,
        CONVOLUTION,
        /// An average before a convolution of kernel 1.
        AVERAGE
    }

    /// Channels of its results.
    long out() {
        return (long) planes * model.block().expansion();
    }

    @Override
    public Value forward(Scope s, Value x) {
        var branch = switch (model.block()) {
            case BASIC -> basic(s, x);
            case BOTTLENECK -> bottleneck(s, x);
        };
        var kept = dropPath.forward(s.at("drop_path"), attend(s.at("se"), branch));
        var other = shortcut(s, x);
        return Act.RELU.forward(s.at("act"), s.within("Residual", () -> kept.add(other)));
    }

    private Value basic(Scope s, Value x) {
        var first = model.innerWidth(planes) / model.blockReduceFirst();
        var a = convolution(s, 1, in, first, 3, strided(), 1, x);
        return last(s, 2, first, 3, smaller(s, relu(s, 1, a)));
    }

    private Value bottleneck(Scope s, Value x) {
        var width = model.innerWidth(planes);
        var first = width / model.blockReduceFirst();
        var a = relu(s, 1, convolution(s, 1, in, first, 1, 1, 1, x));
        var b = relu(s, 2, convolution(s, 2, first, width, 3, strided(), model.cardinality(), a));
        return last(s, 3, width, 1, smaller(s, b));
    }

    private Value convolution(Scope s, int number, long from, long to, int kernel, int by, int groups, Value x) {
        return new ConvNorm(from, to, kernel, by, groups, ResNet.STYLE)
                .forward(s.at("conv" + number), s.at("bn" + number), x);
    }

    private Value last(Scope s, int number, long from, int kernel, Value x) {
        var scale = model.zeroInitLast() ? Init.zeros() : Init.ones();
        return new ConvNorm(from, out(), kernel, 1, 1, ResNet.STYLE, scale)
                .forward(s.at("conv" + number), s.at("bn" + number), x);
    }

    private static Value relu(Scope s, int number, Value x) {
        return Act.RELU.forward(s.at("act" + number), x);
    }

    private int strided() {
        return model.antiAliased() ? 1 : stride;
    }

    private Value smaller(Scope s, Value x) {
        return model.antiAliased() && stride == 2
                ? new AvgPool2d(Window.square(2, 2, 0), false, true).forward(s.at("aa"), x)
                : x;
    }

    private Value attend(Scope s, Value x) {
        return switch (model.attn()) {
            case NONE -> x;
            case SE -> squeezeExcite(16).forward(s, x);
            case SE_QUARTER -> squeezeExcite(4).forward(s, x);
            case ECA -> new EfficientChannelAttention(out()).forward(s, x);
        };
    }

    private SqueezeExcite squeezeExcite(int reduction) {
        var reduced = Channels.round((double) out() / reduction, 8, 8, 0);
        return new SqueezeExcite(out(), reduced, "fc1", "fc2", Act.RELU, Act.SIGMOID, FanOut.WHOLE, Biases.TORCH);
    }

    private Value shortcut(Scope s, Value x) {
        return switch (shortcut) {
            case IDENTITY -> x;
            case CONVOLUTION -> {
                var kernel = stride == 1 ? 1 : model.downKernelSize();
                yield new ConvNorm(in, out(), kernel, stride, 1, ResNet.STYLE)
                        .forward(s.at("downsample.0"), s.at("downsample.1"), x);
            }
            case AVERAGE ->
                new ConvNorm(in, out(), 1, 1, 1, ResNet.STYLE)
                        .forward(s.at("downsample.1"), s.at("downsample.2"), averaged(s.at("downsample.0"), x));
        };
    }

    private Value averaged(Scope s, Value x) {
        return stride == 1 ? x : new AvgPool2d(Window.square(2, stride, 0), true, false).forward(s, x);
    }
}
