package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.BatchNorm1d;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;

/// The projector `g`: per hidden layer Linear, BatchNorm1d, ReLU, then a Linear. Parameters are numbered as in
/// `torchvision.ops.MLP`, where every Linear is followed by places for norm, activation and dropout.
///
/// @param in embedding width `E`
/// @param out projection width `K`
public record Projector(long in, List<Integer> hidden, long out) {
    /// @param x all views' embeddings, row `n*V+v`: `[N V, E]`
    /// @return `[N V, K]`
    public Value forward(Scope s, Value x) {
        var h = x;
        var width = in;
        var place = 0;
        for (var next : hidden) {
            h = Linear.torch(width, next).forward(s.at("" + place), h);
            h = new BatchNorm1d(next).forward(s.at("" + (place + 1)), h);
            h = s.at("" + (place + 2)).within("ReLU", h::relu);
            width = next;
            place += 4;
        }
        return Linear.torch(width, out).forward(s.at("" + place), h);
    }
}
