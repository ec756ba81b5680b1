package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// torch's `nn.BatchNorm2d` of maps in the scope's layout, each channel over all places of all images, as
/// [BatchNorm1d] has it for rows.
///
/// @param init of the weight
public record BatchNorm2d(long width, double epsilon, double momentum, Init init) {
    /// With torch's defaults.
    public BatchNorm2d(long width) {
        this(width, 1e-5, 0.1, Init.ones());
    }

    /// @param x maps of `width` channels
    public Value forward(Scope s, Value x) {
        return s.within(
                this, () -> BatchNorm1d.normalize(s, x, s.imageLayout().channelAxis(), width, epsilon, momentum, init));
    }

    @Override
    public String toString() {
        return "BatchNorm2d " + width;
    }
}
