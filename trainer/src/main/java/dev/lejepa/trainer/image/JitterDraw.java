package dev.lejepa.trainer.image;

import java.util.List;

/// The color changes of one view.
///
/// @param order the changes to make, each at most once
/// @param brightness factor, 1 for none; so are `contrast` and `saturation`
/// @param hue -0.5 to 0.5 of the color circle
public record JitterDraw(List<Change> order, double brightness, double contrast, double saturation, double hue) {
    /// What jitter changes.
    public enum Change {
        BRIGHTNESS,
        CONTRAST,
        SATURATION,
        HUE
    }

    public JitterDraw {
        order = List.copyOf(order);
    }

    void apply(PlanarImage image, HueShift hueShift) {
        for (Change change : order) {
            switch (change) {
                case BRIGHTNESS -> ColorOps.brightness(image, brightness);
                case CONTRAST -> ColorOps.contrast(image, contrast);
                case SATURATION -> ColorOps.saturation(image, saturation);
                case HUE -> hueShift.apply(image, hue);
            }
        }
    }
}
