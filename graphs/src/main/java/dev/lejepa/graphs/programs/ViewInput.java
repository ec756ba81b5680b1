package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.nn.Pixels;
import dev.lejepa.graphs.nn.Views;

/// Views of one size: an input of the train graph, `[N count, 3, height, width]`.
public record ViewInput(Views views, int height, int width, Pixels pixels) {
    /// The input's name.
    public String label() {
        return name(views.label());
    }

    /// The name of the input that takes a group's views.
    public static String name(String group) {
        return "views." + group;
    }
}
