package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;

/// Efficient channel attention of maps in the scope's layout (arXiv:1910.03151): each channel times a gate, which a
/// convolution over the means of neighboring channels computes.
public record EfficientChannelAttention(long channels) {
    /// @param x maps
    public Value forward(Scope s, Value x) {
        var layout = s.imageLayout();
        var means = new GlobalAveragePool().forward(s, x); // [N, channels]
        return s.within(this, () -> {
            var kernel = kernel();
            var window =
                    new Window(new Window.Axis(1, 1, 0, 0, 1), new Window.Axis(kernel, 1, kernel / 2, kernel / 2, 1));
            var w = s.parameter("conv.weight", Init.torchDefault(kernel), 1, 1, kernel)
                    .reshape(1, 1, 1, kernel);
            var n = means.dim(0);
            var line = layout == ImageLayout.NCHW ? means.reshape(n, 1, 1, channels) : means.reshape(n, 1, channels, 1);
            var gates = line.conv(w, window, 1, layout).reshape(layout.shape(x.shape(), channels, 1, 1));
            return x.mul(Act.SIGMOID.forward(s, gates));
        });
    }

    private int kernel() {
        var nearest = (int) ((Math.log(channels) / Math.log(2) + 1) / 2);
        return Math.max(3, nearest % 2 == 0 ? nearest + 1 : nearest);
    }

    @Override
    public String toString() {
        return "EfficientChannelAttention " + channels;
    }
}
