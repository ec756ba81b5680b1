package dev.lejepa.graphs.nn;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.Optional;

/// Self-attention among the places of each window, with a learned bias for each difference of two places
/// (timm's `WindowAttention`).
///
/// @param height of a window in places
/// @param width likewise
public record WindowAttention(long dim, int heads, int height, int width, boolean qkvBias) {
    /// @param x `[N W, T, dim]`: `W` windows of `T = height width` places for each of `N` maps
    /// @param mask `[1, W, 1, T, T]`, added to the scores of the windows in their order; empty for none
    /// @return `[N W, T, dim]`
    public Value forward(Scope s, Value x, Optional<Tensor> mask) {
        var rows = x.dim(0);
        long places = (long) height * width;
        var bias = bias(s);
        var qkv = Linear.timm(dim, 3 * dim, qkvBias).forward(s.at("qkv"), x);
        var context = s.within(this, () -> {
            var parts = qkv.split(-1, dim, dim, dim).stream()
                    .map(part -> part.reshape(rows, places, heads, dim / heads).transpose(0, 2, 1, 3))
                    .toList(); // [N W, heads, T, d]
            var scale = 1 / Math.sqrt((double) dim / heads);
            var scores = parts.get(0).matmul(parts.get(1), false, true, scale).add(bias);
            var shares = masked(scores, mask).softmax();
            return shares.matmul(parts.get(2)).transpose(0, 2, 1, 3).reshape(rows, places, dim);
        });
        return Linear.timm(dim, dim, true).forward(s.at("proj"), context);
    }

    private static Value masked(Value scores, Optional<Tensor> mask) {
        if (mask.isEmpty()) {
            return scores;
        }
        var constant = scores.graph().constant(mask.get());
        var windows = constant.dim(1);
        return scores.reshape(scores.dim(0) / windows, windows, scores.dim(1), scores.dim(2), scores.dim(3))
                .add(constant)
                .reshape(scores.shape());
    }

    /// The biases of all pairs of places, `[heads, T, T]`.
    private Value bias(Scope s) {
        var differences = (2L * height - 1) * (2 * width - 1);
        var table = s.parameter("relative_position_bias_table", new Init.Normal(0.02), differences, heads);
        var places = height * width;
        return s.within(
                "relative position bias",
                () -> table.gather(0, pairs()).reshape(places, places, heads).transpose(2, 0, 1));
    }

    /// For each pair of places the row of the table that stands for their difference.
    private long[] pairs() {
        var places = height * width;
        var rows = new long[places * places];
        for (var i = 0; i < places; i++) {
            for (var j = 0; j < places; j++) {
                var down = i / width - j / width + height - 1;
                var right = i % width - j % width + width - 1;
                rows[i * places + j] = (long) down * (2 * width - 1) + right;
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return Text.format("Attention %d, %d heads, windows of %d x %d", dim, heads, height, width);
    }
}
