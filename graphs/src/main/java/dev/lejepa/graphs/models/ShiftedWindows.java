package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.List;
import java.util.Optional;

/// The cut of a map into windows, after it was rolled by a shift and padded to a multiple of the window.
///
/// @param mapHeight of the map in places
/// @param height of a window
/// @param shiftDown places that the map is rolled up by before it is cut
record ShiftedWindows(long mapHeight, long mapWidth, int height, int width, int shiftDown, int shiftRight) {
    /// What tells places of different regions apart in the scores of attention.
    private static final double APART = -100;

    private long paddedHeight() {
        return (mapHeight + height - 1) / height * height;
    }

    private long paddedWidth() {
        return (mapWidth + width - 1) / width * width;
    }

    /// @param map `[N, H, W, C]`
    /// @return `[N windows, height width, C]`
    Value cut(Value map) {
        var n = map.dim(0);
        var rows = paddedHeight() / height;
        var cols = paddedWidth() / width;
        var rolled = roll(roll(map, 1, shiftDown), 2, shiftRight);
        return rolled.pad(1, 0, paddedHeight() - mapHeight)
                .pad(2, 0, paddedWidth() - mapWidth)
                .reshape(n, rows, height, cols, width, map.dim(3))
                .transpose(0, 1, 3, 2, 4, 5)
                .reshape(n * rows * cols, (long) height * width, map.dim(3));
    }

    /// The map that these windows are cut from.
    ///
    /// @param windows as [#cut] returns them
    Value join(Value windows) {
        var rows = paddedHeight() / height;
        var cols = paddedWidth() / width;
        var n = windows.dim(0) / (rows * cols);
        var map = windows.reshape(n, rows, cols, height, width, windows.dim(2))
                .transpose(0, 1, 3, 2, 4, 5)
                .reshape(n, paddedHeight(), paddedWidth(), windows.dim(2))
                .slice(1, 0, mapHeight)
                .slice(2, 0, mapWidth);
        return roll(roll(map, 1, -shiftDown), 2, -shiftRight);
    }

    /// The elements from `by` on come first, counted around the ends: maps may be smaller than a shift.
    private static Value roll(Value map, int axis, long by) {
        var size = map.dim(axis);
        var first = Math.floorMod(by, size);
        return first == 0 ? map : Value.concat(axis, List.of(map.slice(axis, first, size), map.slice(axis, 0, first)));
    }

    /// What keeps places apart that only the roll brought side by side: `[1, windows, 1, T, T]` of 0 and a large
    /// negative number; empty where nothing is rolled.
    Optional<Tensor> mask() {
        if (shiftDown == 0 && shiftRight == 0) {
            return Optional.empty();
        }
        var rows = Math.toIntExact(paddedHeight() / height);
        var cols = Math.toIntExact(paddedWidth() / width);
        var places = height * width;
        var mask = new double[rows * cols * places * places];
        var at = 0;
        for (var window = 0; window < rows * cols; window++) {
            var top = window / cols * height;
            var left = window % cols * width;
            for (var i = 0; i < places; i++) {
                for (var j = 0; j < places; j++) {
                    var same = region(top + i / width, paddedHeight(), height, shiftDown)
                                    == region(top + j / width, paddedHeight(), height, shiftDown)
                            && region(left + i % width, paddedWidth(), width, shiftRight)
                                    == region(left + j % width, paddedWidth(), width, shiftRight);
                    mask[at++] = same ? 0 : APART;
                }
            }
        }
        return Optional.of(Tensor.of(Shape.of(1, (long) rows * cols, 1, places, places), mask));
    }

    /// Along one axis: what no window of the roll's end holds, what that holds of the map's end, and of its beginning.
    private static int region(long place, long size, int window, int shift) {
        if (shift == 0 || place < size - window) {
            return 0;
        }
        return place < size - shift ? 1 : 2;
    }
}
