package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;

/// The online probe: LayerNorm and Linear on detached embeddings, numbered as in a torch `nn.Sequential`.
public record Probe(long in, int classes) {
    /// @param embeddings `[R, E]`; no gradient flows into them
    /// @return logits `[R, classes]`
    public Value forward(Scope s, Value embeddings) {
        var x = s.within("StopGradient", embeddings::stopGradient);
        return Linear.torch(in, classes).forward(s.at("1"), new LayerNorm(in, 1e-5).forward(s.at("0"), x));
    }
}
