package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Value;

/// torch's `nn.GroupNorm` of maps in the scope's layout: the channels of an image in groups of neighbors, each over all
/// its channels and places, then `weight` and `bias` for every channel. With as many groups as there are channels it is
/// `nn.InstanceNorm2d`.
public record GroupNorm(int groups, long width, double epsilon) {
    public GroupNorm {
        if (groups < 1 || width % groups != 0) {
            throw new IllegalArgumentException(width + " channels do not fall into groups of number " + groups);
        }
    }

    /// Every channel of an image on its own, with torch's default.
    public static GroupNorm instances(long width) {
        return new GroupNorm(Math.toIntExact(width), width, 1e-5);
    }

    /// @param x maps of `width` channels
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var layout = s.imageLayout();
            var n = x.dim(0);
            var height = layout.height(x.shape());
            var columns = layout.width(x.shape());
            var share = width / groups;
            var normed = switch (layout) {
                case NCHW -> normalize(x.reshape(n, groups, share, height, columns), 2, 3, 4);
                case NHWC -> normalize(x.reshape(n, height, columns, groups, share), 1, 2, 4);
            };
            var weight = s.parameter("weight", Init.ones(), width);
            var bias = s.parameter("bias", Init.zeros(), width);
            return normed.reshape(x.shape()).mul(row(layout, weight)).add(row(layout, bias));
        });
    }

    private Value normalize(Value x, int... axes) {
        var centered = x.sub(x.mean(true, axes));
        var deviation = centered.square().mean(true, axes).add(epsilon).sqrt();
        return centered.mul(deviation.reciprocal());
    }

    private Value row(ImageLayout layout, Value ofChannels) {
        return switch (layout) {
            case NCHW -> ofChannels.reshape(Shape.of(width, 1, 1));
            case NHWC -> ofChannels;
        };
    }

    @Override
    public String toString() {
        return "GroupNorm " + groups + " x " + width / groups;
    }
}
