package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Value;

/// What PIL's enhancers do: an image is blended with a degenerate one in single precision, and cut to whole levels.
/// Where a view is not to be changed, the factor is 1 and the degenerate image black, which leaves every level as it is.
final class Blend {
    private Blend() {}

    /// One place of jitter's order, of the changes that a recipe has.
    ///
    /// @param rgb levels `[rows, 3, S, S]`
    /// @param change what is drawn for this place, `[rows, 1, 1, 1]`; anything else than the three changes is none
    /// @param draws `[rows, columns]`
    static Value apply(Value rgb, Value change, Value draws, Changes changes) {
        var graph = rgb.graph();
        var factor = graph.scalar(1);
        var degenerate = graph.scalar(0);
        if (changes.brightness()) {
            var is = Levels.is(change, Changes.BRIGHTNESS);
            factor = is.where(DrawColumn.BRIGHTNESS.of(draws), factor);
        }
        if (changes.contrast() || changes.saturation()) {
            var luma = Levels.luma(rgb);
            if (changes.contrast()) {
                var is = Levels.is(change, Changes.CONTRAST);
                factor = is.where(DrawColumn.CONTRAST.of(draws), factor);
                degenerate = is.where(Levels.mean(luma), degenerate);
            }
            if (changes.saturation()) {
                var is = Levels.is(change, Changes.SATURATION);
                factor = is.where(DrawColumn.SATURATION.of(draws), factor);
                degenerate = is.where(luma, degenerate);
            }
        }
        return Levels.clipped(degenerate.add(factor.mul(rgb.sub(degenerate))));
    }
}
