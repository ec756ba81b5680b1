package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.List;

/// How maps are pooled: a window that moves over them.
///
/// @param ceil whether the window's last places may jut out over the padding, as torch's `ceil_mode` lets them
public record Pool(Window window, boolean ceil, ImageLayout layout) {
    public Pool {
        for (var axis : List.of(window.height(), window.width())) {
            if (axis.before() >= axis.kernel() || axis.after() >= axis.kernel() || axis.dilation() != 1) {
                throw new ShapeException(Text.format(
                        "a pooling window of %d elements cannot have padding %d and %d and elements %d apart",
                        axis.kernel(), axis.before(), axis.after(), axis.dilation()));
            }
        }
    }

    /// The window over maps of this shape, with all the padding that its last places reach into.
    public Window over(Shape maps) {
        return ceil ? window.ceil(layout.height(maps), layout.width(maps)) : window;
    }

    Type result(Type maps) {
        var shape = maps.shape();
        if (shape.rank() != 4) {
            throw new ShapeException(Text.format("maps have four axes, found %s", shape));
        }
        var over = over(shape);
        var rows = over.height().places(layout.height(shape));
        var columns = over.width().places(layout.width(shape));
        return maps.withShape(layout.shape(shape, layout.channels(shape), rows, columns));
    }
}
