package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.ir.Value;
import java.util.OptionalDouble;

/// The two-layer perceptron of a transformer block: `fc2(norm(act(fc1(x))))`.
///
/// @param bias of both layers
/// @param norm epsilon of a LayerNorm between the layers; empty for none
public record Mlp(long dim, long hidden, Act act, boolean bias, OptionalDouble norm) implements FeedForward {
    /// With GELU, biases and no norm.
    public Mlp(long dim, long hidden) {
        this(dim, hidden, Act.GELU, true, OptionalDouble.empty());
    }

    @Override
    public Value forward(Scope s, Value x) {
        var h = act.forward(s, Linear.timm(dim, hidden, bias).forward(s.at("fc1"), x)); // [N, T, hidden]
        var y = norm.isPresent() ? new LayerNorm(hidden, norm.getAsDouble()).forward(s.at("norm"), h) : h;
        return Linear.timm(hidden, dim, bias).forward(s.at("fc2"), y);
    }
}
