package dev.lejepa.graphs.augment;

import dev.lejepa.graphs.ir.Comparison;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;

/// Hue rotation as torchvision does it on PIL images: to 8-bit hue, saturation and value, the hue moved modulo 256, and
/// back. PIL mixes single and double precision; the single-precision formulas here give the same levels for all colors
/// and all shifts.
final class HueTurn {
    private static final double LEVELS = 256;

    private HueTurn() {}

    /// @param rgb levels `[rows, 3, S, S]`
    /// @param shift whole 255ths of the circle, `[rows, 1, 1, 1]`
    static Value apply(Value rgb, Value shift) {
        var graph = rgb.graph();
        var parts = rgb.split(1, 1, 1, 1);
        var red = parts.get(0);
        var green = parts.get(1);
        var blue = parts.get(2);
        var most = red.max(green.max(blue));
        var least = red.min(green.min(blue));
        var range = most.sub(least);
        var hue = turned(hue(red, green, blue, most, least, range), shift);
        var saturation = Levels.cut(range.div(most.max(graph.scalar(1))).mul(Levels.BRIGHTEST));
        return colors(hue, saturation, most);
    }

    /// The hue 0 to 254 of colors, whatever it be where they are gray.
    ///
    /// With the middle color's distance `q = (most - middle) / range` from the largest it is `c - e q` sixths of the
    /// circle: `c` and `e` depend on which color is the largest and which the smallest. Of equal ones the first is the
    /// largest.
    private static Value hue(Value red, Value green, Value blue, Value most, Value least, Value range) {
        var graph = red.graph();
        var isRed = red.compare(Comparison.EQUAL, most);
        var isGreen = green.compare(Comparison.EQUAL, most);
        var middle = red.add(green).add(blue).sub(most).sub(least);
        var q = most.sub(middle).div(range.max(graph.scalar(1)));
        var before = isRed.where(blue, isGreen.where(red, green));
        var e = before.compare(Comparison.EQUAL, least).where(graph.scalar(1), graph.scalar(-1));
        var sector = isRed.where(graph.scalar(0), isGreen.where(graph.scalar(2), graph.scalar(4)));
        var turns = sector.add(e).sub(e.mul(q)).div(graph.scalar(6));
        var positive = turns.compare(Comparison.LESS, graph.scalar(0)).where(turns.add(1), turns);
        return Levels.cut(positive.mul(Levels.BRIGHTEST));
    }

    private static Value turned(Value hue, Value shift) {
        var zero = shift.graph().scalar(0);
        var sum = hue.add(shift.compare(Comparison.LESS, zero).where(shift.add(LEVELS), shift)); // 0 to 510
        return sum.compare(Comparison.GREATER_OR_EQUAL, sum.graph().scalar(LEVELS))
                .where(sum.add(-LEVELS), sum);
    }

    /// Each color is `value (1 - saturation k)`, where `k` in [0, 1] depends on how far the hue, in sixths of the
    /// circle, is from a place that is opposite to the color for red and its own for the others.
    private static Value colors(Value hue, Value saturation, Value value) {
        var graph = hue.graph();
        var sixths = hue.div(graph.scalar(Levels.BRIGHTEST / 6));
        var far = sixths.sub(perColor(graph, 3, 2, 4)).abs();
        var k = far.mul(perColor(graph, -1, 1, 1))
                .add(perColor(graph, 2, -1, -1))
                .clip(0, 1);
        var less = value.mul(saturation).mul(1 / Levels.BRIGHTEST).mul(k);
        return Levels.cut(value.add(0.5).sub(less));
    }

    private static Value perColor(Graph graph, double red, double green, double blue) {
        return graph.constant(Tensor.of(Shape.of(3, 1, 1), new double[] {red, green, blue}));
    }
}
