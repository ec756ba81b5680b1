package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.recipe.JitterSpec;

/// Which of jitter's changes a recipe has: those with a strength above 0.
record Changes(boolean brightness, boolean contrast, boolean saturation, boolean hue) {
    static final int BRIGHTNESS = 0;
    static final int CONTRAST = 1;
    static final int SATURATION = 2;
    static final int HUE = 3;

    static Changes of(JitterSpec spec) {
        return spec.p() == 0
                ? new Changes(false, false, false, false)
                : new Changes(spec.brightness() > 0, spec.contrast() > 0, spec.saturation() > 0, spec.hue() > 0);
    }

    /// How many blend the image with another.
    int blends() {
        return (brightness ? 1 : 0) + (contrast ? 1 : 0) + (saturation ? 1 : 0);
    }
}
