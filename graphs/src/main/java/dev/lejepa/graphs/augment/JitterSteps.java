package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.recipe.JitterSpec;

/// Color jitter in the drawn order. Hue costs as much as several blends, so it has one place in the graph: blends that
/// come before it in a view's order happen before that place, the others behind it.
final class JitterSteps {
    private final Changes changes;

    JitterSteps(JitterSpec spec) {
        this.changes = Changes.of(spec);
    }

    /// @param rgb levels `[rows, 3, S, S]`
    /// @param draws `[rows, columns]`
    Value apply(Value rgb, Value draws) {
        var order = DrawColumn.order().stream().map(c -> c.of(draws)).toList();
        var blends = changes.blends();
        if (!changes.hue()) {
            for (var place = 0; place < blends; place++) {
                rgb = Blend.apply(rgb, order.get(place), draws, changes);
            }
            return rgb;
        }
        // 1 as long as hue has not come
        var before = rgb.graph().scalar(1);
        for (var place = 0; place < blends; place++) {
            before = before.mul(isNotHue(order.get(place)));
            rgb = Blend.apply(rgb, orNone(before, order.get(place)), draws, changes);
        }
        before = before.mul(isNotHue(order.get(blends)));
        rgb = Levels.is(before, 0).where(HueTurn.apply(rgb, DrawColumn.HUE.of(draws)), rgb);
        before = rgb.graph().scalar(1);
        for (var place = 1; place <= blends; place++) {
            before = before.mul(isNotHue(order.get(place - 1)));
            var after = before.neg().add(1);
            rgb = Blend.apply(rgb, orNone(after, order.get(place)), draws, changes);
        }
        return rgb;
    }

    private static Value isNotHue(Value change) {
        return Levels.is(change, Changes.HUE)
                .where(change.graph().scalar(0), change.graph().scalar(1));
    }

    /// The change where `holds` is 1.
    private static Value orNone(Value holds, Value change) {
        return Levels.is(holds, 1).where(change, change.graph().scalar(DrawColumn.NO_CHANGE));
    }
}
