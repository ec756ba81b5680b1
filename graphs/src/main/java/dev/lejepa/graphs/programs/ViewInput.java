package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.nn.Views;

/// Views of one size: an input of the train graph, fp32, normalized, `[N count, 3, height, width]`.
public record ViewInput(Views views, int height, int width) {
    /// The input's name.
    public String label() {
        return "views." + views.label();
    }
}
