package dev.lejepa.tools.report;

/// What a reader can change of all charts at once.
final class Toolbar {
    private Toolbar() {}

    /// The bar, without what a page adds to it.
    static Markup markup() {
        return markup(new Markup());
    }

    /// @param more at its end
    static Markup markup(Markup more) {
        return new Markup()
                .open("div", "class", "toolbar")
                .open("label")
                .text("Smoothing")
                .open(
                        "input",
                        "id",
                        "smoothing",
                        "type",
                        "range",
                        "min",
                        "0",
                        "max",
                        "0.99",
                        "step",
                        "0.01",
                        "value",
                        "0.6")
                .open("output", "id", "smoothing-value", "for", "smoothing")
                .close("output")
                .close("label")
                .open("div", "class", "choice", "role", "group", "aria-label", "Horizontal axis")
                .element("button", "by step", "data-axis", "step", "aria-pressed", "true")
                .element("button", "by time", "data-axis", "seconds", "aria-pressed", "false")
                .close("div")
                .element("button", "whole run", "id", "whole", "hidden", "")
                .element("span", "drag across a chart to zoom, double-click for the whole run", "class", "hint")
                .add(more)
                .close("div");
    }
}
