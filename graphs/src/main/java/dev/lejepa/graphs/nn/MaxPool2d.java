package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;

/// torch's `nn.MaxPool2d` of maps in the scope's layout.
///
/// @param ceil whether the window's last places may jut out over the padding
public record MaxPool2d(Window window, boolean ceil) {
    /// @param x maps
    public Value forward(Scope s, Value x) {
        return s.within(this, () -> x.maxPool(new Pool(window, ceil, s.imageLayout())));
    }

    @Override
    public String toString() {
        return "MaxPool2d";
    }
}
