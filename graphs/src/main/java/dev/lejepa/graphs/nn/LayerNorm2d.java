package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;

/// Normalization of maps in the scope's layout over the channels of each place, with `weight` and `bias` of `width`.
public record LayerNorm2d(long width, double epsilon) {
    /// @param x maps of `width` channels
    public Value forward(Scope s, Value x) {
        var layout = s.imageLayout();
        return s.within(this, () -> {
            var rows = layout.to(ImageLayout.NHWC, x);
            return ImageLayout.NHWC.to(layout, new LayerNorm(width, epsilon).forward(s, rows));
        });
    }

    @Override
    public String toString() {
        return "LayerNorm2d " + width;
    }
}
