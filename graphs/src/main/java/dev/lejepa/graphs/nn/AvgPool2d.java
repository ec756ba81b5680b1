package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;

/// torch's `nn.AvgPool2d` of maps in the scope's layout.
///
/// @param ceil whether the window's last places may jut out over the padding
/// @param includePad whether padding counts as zeros
public record AvgPool2d(Window window, boolean ceil, boolean includePad) {
    /// @param x maps
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> x.averagePool(new Pool(window, ceil, s.imageLayout()), includePad));
    }

    @Override
    public String toString() {
        return "AvgPool2d";
    }
}
