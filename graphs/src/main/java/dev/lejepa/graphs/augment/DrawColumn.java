package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Locale;

/// The columns of what is drawn for a view: one float32 each, in this order.
public enum DrawColumn {
    /// Rows of the canvas that the crop fills, from the top.
    HEIGHT,
    /// Columns of the canvas that the crop fills, from the left.
    WIDTH,
    /// 1 where left and right are mirrored, else 0.
    FLIP,
    /// The first of jitter's changes: 0 brightness, 1 contrast, 2 saturation, 3 hue, [#NO_CHANGE] for none.
    FIRST,
    /// The second of jitter's changes; none follows where there is none.
    SECOND,
    THIRD,
    FOURTH,
    /// Factor of the brightness.
    BRIGHTNESS,
    /// Factor of the contrast.
    CONTRAST,
    /// Factor of the saturation.
    SATURATION,
    /// The hue's shift in whole 255ths of the color circle, -127 to 127.
    HUE,
    /// 1 where color is removed, else 0.
    GRAYSCALE,
    /// Standard deviation of the blur in pixels, 0 for none.
    SIGMA,
    /// 1 where bright levels are inverted, else 0.
    SOLARIZE;

    /// No change at this place of jitter's order.
    public static final int NO_CHANGE = 4;

    /// The name in manifests.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// This column `[rows, 1, 1, 1]` of draws `[rows, columns]`.
    Value of(Value draws) {
        return draws.slice(1, ordinal(), ordinal() + 1L).reshape(draws.dim(0), 1, 1, 1);
    }

    /// The four places of jitter's order.
    static List<DrawColumn> order() {
        return List.of(FIRST, SECOND, THIRD, FOURTH);
    }
}
