package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// The mean of each channel over all places of maps in the scope's layout.
public record GlobalAveragePool() {
    /// @param x maps of `C` channels
    /// @return `[N, C]`
    public Value forward(Scope s, Value x) {
        var layout = s.imageLayout();
        return s.within(this, () -> x.mean(false, layout.heightAxis(), layout.widthAxis()));
    }

    @Override
    public String toString() {
        return "GlobalAveragePool";
    }
}
