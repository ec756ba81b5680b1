package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;

/// torch's `nn.Conv2d` of maps in the scope's layout: `weight [out, in / groups, kh, kw]`, `bias [out]`.
///
/// @param init of the weight
/// @param biasInit of the bias
public record Conv2d(long in, long out, Window window, int groups, boolean bias, Init init, Init biasInit) {
    /// With torch's default initialization.
    public static Conv2d torch(long in, long out, Window window, int groups, boolean bias) {
        var uniform = Init.torchDefault(in / groups * window.elements());
        return new Conv2d(in, out, window, groups, bias, uniform, uniform);
    }

    /// @param x maps of `in` channels
    /// @return maps of `out` channels
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> {
            var layout = s.imageLayout();
            var rows = window.height().kernel();
            var columns = window.width().kernel();
            var w = s.parameter("weight", init, out, in / groups, rows, columns);
            return bias
                    ? x.conv(w, s.parameter("bias", biasInit, out), window, groups, layout)
                    : x.conv(w, window, groups, layout);
        });
    }

    @Override
    public String toString() {
        return Text.format(
                "Conv2d %d -> %d, %d x %d",
                in, out, window.height().kernel(), window.width().kernel());
    }
}
