package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;

/// Squeeze-and-excitation of maps in the scope's layout (arXiv:1709.01507): each channel times a gate, which two
/// pointwise convolutions compute of the means of all channels.
///
/// @param channels of the maps
/// @param reduced channels between the two convolutions
/// @param reduce name of the first
/// @param expand name of the second
/// @param act between them
/// @param gate behind them
/// @param init of weights
/// @param biases how biases start
public record SqueezeExcite(
        long channels, long reduced, String reduce, String expand, Act act, Act gate, FanOut init, Biases biases) {
    /// How biases start.
    public enum Biases {
        ZERO,
        /// Uniform as torch's convolutions have it.
        TORCH
    }

    /// @param x maps
    public Value forward(Scope s, Value x) {
        var layout = s.imageLayout();
        var means = new GlobalAveragePool().forward(s, x); // [N, channels]
        var squeezed = act.forward(s, pointwise(s.at(reduce), means, channels, reduced));
        var gates = gate.forward(s, pointwise(s.at(expand), squeezed, reduced, channels));
        return s.within(this, () -> x.mul(gates.reshape(layout.shape(x.shape(), channels, 1, 1))));
    }

    private Value pointwise(Scope s, Value rows, long in, long out) {
        var start = biases == Biases.ZERO ? Init.zeros() : Init.torchDefault(in);
        return new Pointwise(in, out, true, init.of(out, 1, 1), start).forward(s, rows);
    }

    @Override
    public String toString() {
        return "SqueezeExcite " + channels;
    }
}
